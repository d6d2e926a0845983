//! A client, and the emulator that it asks if it is to be one.

#[cfg(feature = "emulator")]
use gemini_emulator::{Emulator, Script};
use gemini_extract::{Client, ClientBuilder};

use crate::failure::{Failure, Result};
use crate::options::{AskOptions, LimitOptions};

/// A client, and the emulator that it asks if there is one.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// Kept, because it stops when it is dropped.
    #[cfg(feature = "emulator")]
    _emulator: Option<Emulator>,
}

impl Connection {
    /// Connects as the options say, with the key of the environment unless they ask for the
    /// emulator. Call it inside a Tokio runtime.
    pub(crate) async fn open(asking: &AskOptions, limits: &LimitOptions) -> Result<Self> {
        let prices = limits.prices(&asking.model)?;
        let priced = |builder: ClientBuilder| match prices {
            Some(prices) => builder.with_prices(prices),
            None => builder,
        };
        #[cfg(feature = "emulator")]
        if asking.emulator {
            let emulator = emulator(asking).await?;
            let builder = Client::builder().api_key("emulated").base_url(emulator.url());
            let client = built(priced(builder))?;
            return Ok(Self { client, _emulator: Some(emulator) });
        }
        let client = built(priced(ClientBuilder::from_env()))?;
        Ok(Self {
            client,
            #[cfg(feature = "emulator")]
            _emulator: None,
        })
    }
}

fn built(builder: ClientBuilder) -> Result<Client> {
    builder.build().map_err(|error| Failure::usage(error.to_string()))
}

#[cfg(feature = "emulator")]
async fn emulator(asking: &AskOptions) -> Result<Emulator> {
    let mut builder = Emulator::builder().keep_requests(0);
    if let Some(path) = &asking.emulator_script {
        let script =
            Script::load(path).map_err(|error| Failure::usage(crate::failure::chain(&error)))?;
        builder = builder.script(script);
    }
    let started = builder.start().await;
    started.map_err(|error| Failure::of("the emulator cannot start", &error))
}
