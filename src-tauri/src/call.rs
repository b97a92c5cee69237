//! The only door from the screens to the engine.

use crate::engine::Engine;
use phone::Trouble;
use serde_json::Value;
use tauri::State;

/// Answers one command of a screen; `phone::commands` lists them all.
#[tauri::command]
pub(crate) async fn call(
    engine: State<'_, Engine>,
    command: String,
    args: Value,
) -> Result<Value, Trouble> {
    engine.phone().await?.answer(&command, args).await
}
