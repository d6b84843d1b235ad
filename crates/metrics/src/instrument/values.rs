use super::Label;

macro_rules! closed_set {
    ($(
        $(#[$doc:meta])*
        $set:ident { $($(#[$variant_doc:meta])* $variant:ident => $value:literal, $op:literal;)* }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $set {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $set {
            /// The span's operation.
            pub(crate) fn op(label: &Label<'_>) -> &'static str {
                match () {
                    $(() if label.is($value) => $op,)*
                    () => unreachable!("the label is made of the set's values only"),
                }
            }
        }

        impl From<$set> for Label<'_> {
            fn from(value: $set) -> Self {
                match value {
                    $($set::$variant => Self::from($value),)*
                }
            }
        }
    )*};
}

closed_set! {
    /// What is done to a cache. The spans' operations are those that
    /// [Sentry shows](https://docs.sentry.io/product/insights/backend/caches/).
    CacheOperation {
        /// Something is looked for.
        Get => "get", "cache.get";
        /// Something is stored.
        Put => "put", "cache.put";
        /// Something is taken out.
        Remove => "remove", "cache.remove";
        /// Everything is taken out.
        Flush => "flush", "cache.flush";
    }

    /// What is done to a store of files or objects.
    StorageOperation {
        /// An object is read.
        Get => "get", "storage.get";
        /// An object is written.
        Put => "put", "storage.put";
        /// An object is deleted.
        Delete => "delete", "storage.delete";
        /// An object is copied within the store.
        Copy => "copy", "storage.copy";
        /// Objects are listed.
        List => "list", "storage.list";
        /// An object's metadata is read.
        Head => "head", "storage.head";
    }

    /// Which way speech goes.
    SpeechOperation {
        /// Speech becomes text.
        Recognition => "recognition", "speech.recognition";
        /// Text becomes speech.
        Synthesis => "synthesis", "speech.synthesis";
    }

    /// What a model is asked for, by
    /// [OpenTelemetry's names](https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/).
    ModelOperation {
        /// An answer in a conversation.
        Chat => "chat", "gen_ai.chat";
        /// A text's continuation.
        TextCompletion => "text_completion", "gen_ai.text_completion";
        /// Content of more than one kind.
        GenerateContent => "generate_content", "gen_ai.generate_content";
        /// Vectors of texts.
        Embeddings => "embeddings", "gen_ai.embeddings";
        /// Documents that fit a query.
        Retrieval => "retrieval", "gen_ai.retrieval";
        /// A tool's work for a model.
        ExecuteTool => "execute_tool", "gen_ai.execute_tool";
        /// An agent's work.
        InvokeAgent => "invoke_agent", "gen_ai.invoke_agent";
    }
}
