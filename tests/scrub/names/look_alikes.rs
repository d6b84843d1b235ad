/// Names that stay, though a sensitive one is a part of them.
pub(crate) const STAY: &[&str] = &[
    // The letters of auth, pass, pin, key, sess, sid, ssn, otp, cvc, card, pwd, token, secret, salt and cert in other words.
    "author authors authored_by coauthor authority authentic authorship author_id authorName",
    "passenger passengers passenger_count compass bypass bypass_cache passed passive passport_required pass_rate passing passage",
    "shipping shipping_address pinned pinned_at pinning spinning spin opinion opinions pinterest_url mapping typing pineapple ping",
    "keyboard keynote monkey turkey donkey hockey keyword keywords keyframe keyframes keystroke keypad key_count primary_key foreign_key",
    "session_count sessions_total assessment obsession possession session_duration session_length sessions_per_user",
    "side inside outside sidebar consider residence aside upside sides president siding",
    "mission missing classname password_enabled",
    "option options adoption laptop optout optional",
    "discard cardinal cardinality cardiology wildcard wildcards scorecard cardboard card_count postcard",
    "token_count tokens_used tokenizer tokenize tokenized tokenization total_tokens prompt_tokens completion_tokens max_tokens token_limit",
    "cached_tokens reasoning_tokens input_tokens output_tokens tokens_per_second page_token_count token_type token_usage",
    "secretary secretariat secretion",
    "basalt cobalt saltwater somersault result default_result salty",
    "concert concerts certain certainty certification_level uncertain",
    "codec code barcode zip_code postal_code country_code error_code status_code language_code currency_code http_code exit_code",
    "state status estate statement address address_line mac_address",
    // Words that describe rather than hold a secret.
    "password_required password_length password_min_length password_policy password_changed_at password_expires_at has_password",
    "password_reset_enabled token_expires_in token_expires_at token_ttl session_timeout cookie_enabled cookie_consent",
    "api_key_count secret_count secrets_found auth_enabled auth_method auth_type authenticated authenticated_at is_authenticated",
    "cookie_policy cookies_accepted keys keys_total key_size key_length key_type key_name",
    // What request logs, traces and shops are full of.
    "id user_id username user_name name title description email_verified phone_type created_at updated_at",
    "trace_id span_id parent_id request_id correlation_id order_id invoice_number product_id sku ean isbn quantity price total",
    "method path route host port scheme protocol version size length width height color colour language locale timezone",
    "latitude longitude city country region district street accept accept_encoding content_type content_length user_agent",
    "etag last_modified cache_control max_age retry_after vary via server date connection upgrade origin",
    "traceparent tracestate baggage sentry_trace x_request_id x_correlation_id x_trace_id x_b3_traceid",
    "hash digest checksum sha256 md5 commit branch tag revision build node_id pod_name container_id image namespace",
    "level message target file line function module thread exception stacktrace duration latency count rate bucket quantile",
    "tax taxi syntax pinyin assign assignee design designer signal sign_in_count signup_date signed_up signpost",
    "encrypted encryption encryption_enabled description_key cryptocurrency credit_limit credits accredited",
];

/// Of those, names whose words stay apart however they are spelled.
pub(crate) const WORDS: &[&str] = &[
    "author_name token_count tokens_used max_tokens prompt_tokens passenger_count session_count shipping_address bypass_cache",
    "keyboard_layout secretary_name primary_key foreign_key card_count pinned_at wildcard_match password_enabled token_type",
    "order_number status_code country_code monkey_patch compass_heading opinion_poll key_count has_password session_timeout",
];
