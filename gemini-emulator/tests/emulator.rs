//! The emulator through a real socket.

#[path = "emulator/client.rs"]
mod client;
#[path = "emulator/scripted.rs"]
mod scripted;
