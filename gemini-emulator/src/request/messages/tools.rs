//! Tools and their configuration.

use super::schema::SCHEMA;
use crate::request::proto::{EnumType, Kind, Message};

pub(super) static TOOL: Message = Message {
    name: "Tool",
    fields: &[
        ("function_declarations", Kind::List(&Kind::Message(&FUNCTION_DECLARATION))),
        ("google_search_retrieval", Kind::Message(&GOOGLE_SEARCH_RETRIEVAL)),
        ("code_execution", Kind::Message(&CODE_EXECUTION)),
        ("google_search", Kind::Message(&GOOGLE_SEARCH)),
        ("computer_use", Kind::Message(&COMPUTER_USE)),
        ("url_context", Kind::Message(&URL_CONTEXT)),
        ("file_search", Kind::Message(&FILE_SEARCH)),
        ("mcp_servers", Kind::List(&Kind::Message(&MCP_SERVER))),
        ("google_maps", Kind::Message(&GOOGLE_MAPS)),
    ],
    oneof: None,
};

static CODE_EXECUTION: Message = Message { name: "CodeExecution", fields: &[], oneof: None };

static URL_CONTEXT: Message = Message { name: "UrlContext", fields: &[], oneof: None };

static GOOGLE_SEARCH_RETRIEVAL: Message = Message {
    name: "GoogleSearchRetrieval",
    fields: &[("dynamic_retrieval_config", Kind::Message(&DYNAMIC_RETRIEVAL_CONFIG))],
    oneof: None,
};

static DYNAMIC_RETRIEVAL_CONFIG: Message = Message {
    name: "DynamicRetrievalConfig",
    fields: &[("mode", Kind::Enum(&RETRIEVAL_MODE)), ("dynamic_threshold", Kind::Double)],
    oneof: None,
};

static RETRIEVAL_MODE: EnumType =
    EnumType { name: "DynamicRetrievalConfig.Mode", values: &["MODE_UNSPECIFIED", "MODE_DYNAMIC"] };

static GOOGLE_SEARCH: Message = Message {
    name: "Tool.GoogleSearch",
    fields: &[
        ("time_range_filter", Kind::Message(&INTERVAL)),
        ("search_types", Kind::Message(&SEARCH_TYPES)),
    ],
    oneof: None,
};

static INTERVAL: Message = Message {
    name: "Interval",
    fields: &[("start_time", Kind::Timestamp), ("end_time", Kind::Timestamp)],
    oneof: None,
};

static SEARCH_TYPES: Message = Message {
    name: "Tool.GoogleSearch.SearchTypes",
    fields: &[("web_search", Kind::Message(&EMPTY)), ("image_search", Kind::Message(&EMPTY))],
    oneof: None,
};

static EMPTY: Message = Message { name: "SearchType", fields: &[], oneof: None };

static COMPUTER_USE: Message = Message {
    name: "Tool.ComputerUse",
    fields: &[
        ("environment", Kind::Enum(&ENVIRONMENT)),
        ("excluded_predefined_functions", Kind::List(&Kind::Text)),
        ("enable_prompt_injection_detection", Kind::Bool),
        ("disabled_safety_policies", Kind::List(&Kind::Text)),
    ],
    oneof: None,
};

static ENVIRONMENT: EnumType = EnumType {
    name: "Tool.ComputerUse.Environment",
    values: &[
        "ENVIRONMENT_UNSPECIFIED",
        "ENVIRONMENT_BROWSER",
        "ENVIRONMENT_MOBILE",
        "ENVIRONMENT_DESKTOP",
    ],
};

static FILE_SEARCH: Message = Message {
    name: "FileSearch",
    fields: &[
        ("file_search_store_names", Kind::List(&Kind::Text)),
        ("top_k", Kind::Int32),
        ("metadata_filter", Kind::Text),
    ],
    oneof: None,
};

static MCP_SERVER: Message = Message {
    name: "McpServer",
    fields: &[("name", Kind::Text), ("streamable_http_transport", Kind::Message(&MCP_TRANSPORT))],
    oneof: None,
};

static MCP_TRANSPORT: Message = Message {
    name: "StreamableHttpTransport",
    fields: &[
        ("url", Kind::Text),
        ("headers", Kind::Map(&Kind::Text)),
        ("timeout", Kind::Duration),
        ("sse_read_timeout", Kind::Duration),
        ("terminate_on_close", Kind::Bool),
    ],
    oneof: None,
};

static GOOGLE_MAPS: Message = Message {
    name: "GoogleMaps",
    fields: &[("enable_widget", Kind::Bool), ("auth_config", Kind::Struct)],
    oneof: None,
};

static FUNCTION_DECLARATION: Message = Message {
    name: "FunctionDeclaration",
    fields: &[
        ("name", Kind::Text),
        ("description", Kind::Text),
        ("parameters", Kind::Message(&SCHEMA)),
        ("parameters_json_schema", Kind::Value),
        ("response", Kind::Message(&SCHEMA)),
        ("response_json_schema", Kind::Value),
        ("behavior", Kind::Enum(&BEHAVIOR)),
    ],
    oneof: None,
};

static BEHAVIOR: EnumType = EnumType {
    name: "FunctionDeclaration.Behavior",
    values: &["UNSPECIFIED", "BLOCKING", "NON_BLOCKING"],
};

pub(super) static TOOL_CONFIG: Message = Message {
    name: "ToolConfig",
    fields: &[
        ("function_calling_config", Kind::Message(&FUNCTION_CALLING_CONFIG)),
        ("retrieval_config", Kind::Message(&RETRIEVAL_CONFIG)),
        ("include_server_side_tool_invocations", Kind::Bool),
    ],
    oneof: None,
};

static RETRIEVAL_CONFIG: Message = Message {
    name: "RetrievalConfig",
    fields: &[("lat_lng", Kind::Message(&LAT_LNG)), ("language_code", Kind::Text)],
    oneof: None,
};

static LAT_LNG: Message = Message {
    name: "LatLng",
    fields: &[("latitude", Kind::Double), ("longitude", Kind::Double)],
    oneof: None,
};

static FUNCTION_CALLING_CONFIG: Message = Message {
    name: "FunctionCallingConfig",
    fields: &[("mode", Kind::Enum(&MODE)), ("allowed_function_names", Kind::List(&Kind::Text))],
    oneof: None,
};

static MODE: EnumType = EnumType {
    name: "FunctionCallingConfig.Mode",
    values: &["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"],
};
