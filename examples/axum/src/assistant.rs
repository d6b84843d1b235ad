//! Answers questions about orders, written or spoken, by a stand-in for a language model.

use std::{io, str, time::Duration};

use axum::{
    Json,
    body::Bytes,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use serde_json::{Value, json};
use tokio::time;
use tower_telemetry::metrics::instrument::{
    Instrument, LanguageModel, ModelOperation, RagPipeline, Speech, SpeechOperation,
};

use crate::error::ApiError;

static PIPELINE: Instrument<RagPipeline> = Instrument::new();
static MODELS: Instrument<LanguageModel> = Instrument::new();
static SPEECH: Instrument<Speech> = Instrument::new();

const SUPPORT: &str = "support";

/// The one to take, and the one for when it fails.
const RECOGNISERS: [&str; 2] = ["deepgram", "whisper"];

struct Reply {
    text: String,
    input_tokens: u32,
    output_tokens: u32,
}

pub(crate) async fn ask(headers: HeaderMap, question: Bytes) -> Result<Json<Value>, ApiError> {
    let is_spoken = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"audio/"));
    let question = if is_spoken {
        recognise(&question).await?
    } else {
        let unreadable = |_| ApiError::Caller(StatusCode::BAD_REQUEST, "a question is written in UTF-8, or spoken");
        str::from_utf8(&question).map_err(unreadable)?.to_owned()
    };
    let answer = PIPELINE.observe(RagPipeline::new(SUPPORT), async {
        let pages = PIPELINE.observe(RagPipeline::new(SUPPORT).stage("retrieve"), retrieve()).await?;
        chat(&question, pages).await
    });
    Ok(Json(json!({ "answer": answer.await? })))
}

async fn recognise(recording: &[u8]) -> io::Result<String> {
    let [first, second] = RECOGNISERS;
    let labels = Speech::new(SpeechOperation::Recognition, first);
    if let Ok(text) = SPEECH.observe(labels, transcript(recording, true)).await {
        return Ok(text);
    }
    SPEECH.fell_back(labels, second);
    SPEECH.observe(Speech::new(SpeechOperation::Recognition, second), transcript(recording, false)).await
}

async fn chat(question: &str, pages: &str) -> io::Result<String> {
    let labels = LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o-mini");
    let reply = MODELS.observe(labels, complete(question, pages)).await?;
    MODELS.tokens(labels, reply.input_tokens, reply.output_tokens);
    Ok(reply.text)
}

/// Stands for a provider, of which some take WAV only.
async fn transcript(recording: &[u8], wav_only: bool) -> io::Result<String> {
    time::sleep(Duration::from_millis(10)).await;
    if wav_only && !recording.starts_with(b"RIFF") {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok("where is my order?".to_owned())
}

async fn retrieve() -> io::Result<&'static str> {
    time::sleep(Duration::from_millis(2)).await;
    Ok("Orders arrive within three days.")
}

async fn complete(question: &str, pages: &str) -> io::Result<Reply> {
    time::sleep(Duration::from_millis(20)).await;
    let tokens = |text: &str| u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX);
    let input_tokens = tokens(question).saturating_add(tokens(pages));
    Ok(Reply { text: pages.to_owned(), input_tokens, output_tokens: tokens(pages) })
}
