//! Which job a run belongs to.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use gemini_schema::OrderedJson;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::request::Template;

const NAME: &str = "manifest.json";
/// The version of everything in the folder.
const FORMAT: u32 = 1;

/// What stands in `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: u32,
    /// Who began the run.
    program: String,
    /// When, in seconds since 1970.
    created: u64,
    pub(super) job: Fingerprint,
}

/// What makes a job what it is: other answers are to be expected where one of these changes. How
/// many records go in one request isn't part of it, so that a run can go on with another number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::batch) struct Fingerprint {
    model: String,
    carrier: String,
    schema: OrderedJson,
    instruction: OrderedJson,
    examples: Vec<OrderedJson>,
    parameters: OrderedJson,
    /// How often each record is asked, where that is more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    votes: Option<u32>,
}

impl Fingerprint {
    pub(in crate::batch) fn new(call: &Call, template: &Template) -> Self {
        let json = |text: serde_json::Result<String>| {
            text.and_then(|text| serde_json::from_str(&text)).unwrap_or(OrderedJson::Null)
        };
        let carried = template.carried();
        let examples = call.examples.iter().map(|example| {
            OrderedJson::Object(vec![
                ("input".into(), json(serde_json::to_string(&example.input))),
                ("answer".into(), json(Ok(example.answer.clone().unwrap_or_default()))),
            ])
        });
        Self {
            model: template.model().to_owned(),
            carrier: carried.carrier.to_string(),
            schema: json(Ok(carried.lowered.as_str().to_owned())),
            instruction: json(serde_json::to_string(&call.system)),
            examples: examples.collect(),
            parameters: json(serde_json::to_string(&call.parameters)),
            votes: None,
        }
    }

    /// The same where each record is asked so often.
    pub(in crate::batch) fn with_votes(self, repeats: u32) -> Self {
        Self { votes: Some(repeats).filter(|repeats| *repeats > 1), ..self }
    }

    /// All of it in one text, the same for the same job.
    pub(in crate::batch) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What is another than it was.
    pub(super) fn changes(&self, was: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        let Self { model, carrier, .. } = self;
        if *model != was.model {
            changes.push(format!("the model is {model} and was {}", was.model));
        }
        if *carrier != was.carrier {
            changes.push(format!("the schema travels by {carrier} and did by {}", was.carrier));
        }
        if self.votes != was.votes {
            let [now, before] = [self, was].map(|job| job.votes.unwrap_or(1));
            changes.push(format!("each record is asked {now} times and was {before}"));
        }
        let others = [
            (self.schema == was.schema, "the schema has changed"),
            (self.instruction == was.instruction, "the instruction has changed"),
            (self.examples == was.examples, "the examples have changed"),
            (self.parameters == was.parameters, "the parameters have changed"),
        ];
        let changed = others.iter().filter(|(is_same, _)| !is_same);
        changes.extend(changed.map(|(_, change)| (*change).to_owned()));
        changes
    }
}

impl Manifest {
    pub(super) fn new(job: Fingerprint) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            format: FORMAT,
            program: concat!("gemini-extract ", env!("CARGO_PKG_VERSION")).to_owned(),
            created: now.map_or(0, |now| now.as_secs()),
            job,
        }
    }

    /// Reads the manifest of a folder, if there is one; what is wrong with it otherwise.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, String> {
        let text = match fs::read_to_string(folder.join(NAME)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{NAME} cannot be read: {error}")),
        };
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        match serde_json::from_str::<Version>(&text) {
            Ok(Version { format }) if format != FORMAT => {
                Err(format!("{NAME} has the format {format}, and this version reads {FORMAT} only"))
            }
            _ => serde_json::from_str(&text)
                .map(Some)
                .map_err(|error| format!("{NAME} is damaged at line {}", error.line())),
        }
    }

    /// Writes the manifest, whole or not at all.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let new = folder.join(".manifest.new");
        let mut file = File::create(&new)?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&new, folder.join(NAME))?;
        sync_folder(folder)
    }

    /// Puts the manifest of a folder into another one, out of use.
    pub(super) fn move_to(folder: &Path, other: &Path) -> io::Result<()> {
        fs::rename(folder.join(NAME), other.join(NAME))
    }
}

/// Waits until the names of new files are on the disk.
pub(in crate::batch) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
