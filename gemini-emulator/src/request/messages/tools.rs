//! Tools and their configuration.

use super::schema::SCHEMA;
use crate::request::proto::{EnumType, Kind, Message};

pub(super) static TOOL: Message = Message {
    name: "Tool",
    fields: &[
        ("function_declarations", Kind::List(&Kind::Message(&FUNCTION_DECLARATION))),
        ("google_search_retrieval", Kind::Struct),
        ("code_execution", Kind::Message(&CODE_EXECUTION)),
        ("google_search", Kind::Struct),
        ("computer_use", Kind::Struct),
        ("url_context", Kind::Message(&URL_CONTEXT)),
        ("file_search", Kind::Struct),
        ("mcp_servers", Kind::List(&Kind::Struct)),
        ("google_maps", Kind::Struct),
    ],
    oneof: None,
};

static CODE_EXECUTION: Message = Message { name: "CodeExecution", fields: &[], oneof: None };

static URL_CONTEXT: Message = Message { name: "UrlContext", fields: &[], oneof: None };

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
        ("retrieval_config", Kind::Struct),
        ("include_server_side_tool_invocations", Kind::Bool),
    ],
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
