/// A key that is known by how it begins.
pub(super) struct Prefix {
    /// As it stands, case-sensitive.
    pub(super) text: &'static str,
    /// The least number of characters after it.
    pub(super) rest: u8,
    /// What they may be.
    pub(super) chars: Chars,
}

#[derive(Clone, Copy)]
pub(super) enum Chars {
    /// `A-Z a-z 0-9`
    Alnum,
    /// Those, `_` and `-`
    Word,
    /// `0-9 a-f A-F`
    Hex,
    /// `A-Z 0-9`
    Upper,
    /// Word and `.` (dotted tokens)
    Dotted,
    /// base64: Alnum and `+ / =`
    Base64,
}

/// By provider, in the order of their names.
#[rustfmt::skip]
pub(super) static PREFIXES: &[Prefix] = &[
    // 1Password: service account. (The account's secret key: `form::within`.)
    Prefix { text: "ops_eyJ", rest: 60, chars: Chars::Base64 },
    // Adafruit IO.
    Prefix { text: "aio_", rest: 20, chars: Chars::Alnum },
    // Adobe: client secret.
    Prefix { text: "p8e-", rest: 24, chars: Chars::Word },
    // age: identity, and the post-quantum one.
    Prefix { text: "AGE-SECRET-KEY-1", rest: 36, chars: Chars::Upper },
    Prefix { text: "AGE-SECRET-KEY-PQ-1", rest: 36, chars: Chars::Upper },
    // AI71.
    Prefix { text: "ai71-api-", rest: 24, chars: Chars::Word },
    // Aikido: pipeline, client, secret.
    Prefix { text: "AIK_CI_", rest: 14, chars: Chars::Alnum },
    Prefix { text: "AIK_CLIENT_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "AIK_SECRET_", rest: 40, chars: Chars::Alnum },
    // Aiven (also behind DigitalOcean's databases): service password.
    Prefix { text: "AVNS_", rest: 14, chars: Chars::Word },
    // Akamai EdgeGrid: client and access token.
    Prefix { text: "akab-", rest: 20, chars: Chars::Word },
    // Alchemy.
    Prefix { text: "alcht_", rest: 20, chars: Chars::Alnum },
    // Alibaba Cloud: access key, security token.
    Prefix { text: "LTAI", rest: 12, chars: Chars::Alnum },
    Prefix { text: "CAIS", rest: 60, chars: Chars::Base64 },
    // Amazon: seller token, Login with Amazon secret, refresh and access token.
    Prefix { text: "amzn.mws.", rest: 24, chars: Chars::Word },
    Prefix { text: "amzn1.oa2-cs.v1.", rest: 40, chars: Chars::Hex },
    Prefix { text: "Atzr|", rest: 60, chars: Chars::Word },
    Prefix { text: "Atza|", rest: 60, chars: Chars::Word },
    // AWS: access keys (long-lived, temporary, bearer, context, old).
    Prefix { text: "AKIA", rest: 12, chars: Chars::Upper },
    Prefix { text: "ASIA", rest: 16, chars: Chars::Upper },
    Prefix { text: "ABIA", rest: 16, chars: Chars::Upper },
    Prefix { text: "ACCA", rest: 16, chars: Chars::Upper },
    Prefix { text: "A3T", rest: 17, chars: Chars::Upper },
    // AWS: session tokens.
    Prefix { text: "IQoJb3JpZ2luX2Vj", rest: 60, chars: Chars::Base64 },
    Prefix { text: "FwoGZXIvYXdz", rest: 60, chars: Chars::Base64 },
    Prefix { text: "FQoGZXIvYXdz", rest: 60, chars: Chars::Base64 },
    Prefix { text: "FQoDYXdz", rest: 60, chars: Chars::Base64 },
    // AWS: Bedrock, long-lived and short-lived; AppSync.
    Prefix { text: "ABSK", rest: 70, chars: Chars::Base64 },
    Prefix { text: "bedrock-api-key-", rest: 40, chars: Chars::Base64 },
    Prefix { text: "da2-", rest: 18, chars: Chars::Alnum },
    // Anthropic: all kinds (api, admin, oat, ort, sid).
    Prefix { text: "sk-ant-", rest: 20, chars: Chars::Word },
    // Apify.
    Prefix { text: "apify_api_", rest: 22, chars: Chars::Alnum },
    Prefix { text: "apify_proxy_", rest: 22, chars: Chars::Alnum },
    // Arcjet.
    Prefix { text: "ajkey_", rest: 18, chars: Chars::Alnum },
    // Asaas.
    Prefix { text: "$aact_", rest: 20, chars: Chars::Word },
    // Astral pyx.
    Prefix { text: "sk-pyx-", rest: 30, chars: Chars::Alnum },
    // Atlassian: user, admin and repository tokens; Bitbucket app password, Data Center.
    Prefix { text: "ATATT3", rest: 40, chars: Chars::Word },
    Prefix { text: "ATCTT3", rest: 40, chars: Chars::Word },
    Prefix { text: "ATBB", rest: 22, chars: Chars::Alnum },
    Prefix { text: "BBDC-", rest: 28, chars: Chars::Base64 },
    // Axiom.
    Prefix { text: "xaat-", rest: 24, chars: Chars::Word },
    Prefix { text: "xapt-", rest: 24, chars: Chars::Word },
    // Azure Entra: refresh tokens. (Client secrets and service keys: `form::within`.)
    Prefix { text: "0.A", rest: 150, chars: Chars::Dotted },
    Prefix { text: "1.A", rest: 150, chars: Chars::Dotted },
    // Baidu Cloud.
    Prefix { text: "bce-v3/ALTAK-", rest: 40, chars: Chars::Base64 },
    // Bannerbear.
    Prefix { text: "bb_pr_", rest: 20, chars: Chars::Hex },
    Prefix { text: "bb_ma_", rest: 20, chars: Chars::Hex },
    // Block Protocol.
    Prefix { text: "b10ck5.", rest: 45, chars: Chars::Dotted },
    // Brave Search.
    Prefix { text: "BSA", rest: 27, chars: Chars::Word },
    // Brevo (Sendinblue): API, SMTP.
    Prefix { text: "xkeysib-", rest: 40, chars: Chars::Word },
    Prefix { text: "xsmtpsib-", rest: 40, chars: Chars::Word },
    // Brex.
    Prefix { text: "bxt_", rest: 24, chars: Chars::Alnum },
    // Builder.io.
    Prefix { text: "bpk-", rest: 22, chars: Chars::Hex },
    // Buildkite: user, agent and cluster tokens.
    Prefix { text: "bkua_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "bkaa_", rest: 50, chars: Chars::Word },
    Prefix { text: "bkaj_", rest: 200, chars: Chars::Word },
    Prefix { text: "bkar_", rest: 48, chars: Chars::Word },
    Prefix { text: "bkct_", rest: 48, chars: Chars::Word },
    Prefix { text: "bkpt_", rest: 130, chars: Chars::Word },
    Prefix { text: "bkpat_", rest: 36, chars: Chars::Word },
    Prefix { text: "bkps_", rest: 42, chars: Chars::Word },
    // Canva.
    Prefix { text: "cnvca", rest: 34, chars: Chars::Word },
    // Cartesia.
    Prefix { text: "sk_car_", rest: 16, chars: Chars::Alnum },
    // Cerebras.
    Prefix { text: "csk-", rest: 32, chars: Chars::Alnum },
    // Cfx.re.
    Prefix { text: "cfxk_", rest: 18, chars: Chars::Word },
    // Chromatic.
    Prefix { text: "chpt_", rest: 12, chars: Chars::Alnum },
    // CircleCI: personal, project.
    Prefix { text: "CCIPAT_", rest: 40, chars: Chars::Word },
    Prefix { text: "CCIPRJ_", rest: 40, chars: Chars::Word },
    // Clojars.
    Prefix { text: "CLOJARS_", rest: 40, chars: Chars::Alnum },
    // Cloudflare: user, account, global; Origin CA.
    Prefix { text: "cfut_", rest: 32, chars: Chars::Alnum },
    Prefix { text: "cfat_", rest: 32, chars: Chars::Alnum },
    Prefix { text: "cfk_", rest: 32, chars: Chars::Alnum },
    Prefix { text: "v1.0-", rest: 110, chars: Chars::Word },
    // CockroachDB.
    Prefix { text: "CCDB1_", rest: 40, chars: Chars::Word },
    // CodeRabbit.
    Prefix { text: "cr-", rest: 40, chars: Chars::Hex },
    // ConfigCat.
    Prefix { text: "configcat-sdk-1/", rest: 14, chars: Chars::Word },
    // Confluent.
    Prefix { text: "cflt", rest: 50, chars: Chars::Base64 },
    // Contentful.
    Prefix { text: "CFPAT-", rest: 28, chars: Chars::Word },
    // Context7.
    Prefix { text: "ctx7sk-", rest: 24, chars: Chars::Word },
    // crates.io.
    Prefix { text: "cio", rest: 30, chars: Chars::Alnum },
    // Cursor, Retell, Runway.
    Prefix { text: "key_", rest: 28, chars: Chars::Hex },
    Prefix { text: "crsr_", rest: 40, chars: Chars::Hex },
    // Databricks: personal, OAuth secret.
    Prefix { text: "dapi", rest: 24, chars: Chars::Hex },
    Prefix { text: "dose", rest: 24, chars: Chars::Hex },
    // DataStax Astra.
    Prefix { text: "AstraCS:", rest: 16, chars: Chars::Alnum },
    // dbt Cloud: user, service.
    Prefix { text: "dbtu_", rest: 30, chars: Chars::Word },
    Prefix { text: "dbtc_", rest: 30, chars: Chars::Word },
    // Defined Networking.
    Prefix { text: "dnkey-", rest: 50, chars: Chars::Word },
    // Deno Deploy.
    Prefix { text: "ddp_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "ddw_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "ddo_", rest: 24, chars: Chars::Alnum },
    // Dependency-Track.
    Prefix { text: "odt_", rest: 24, chars: Chars::Alnum },
    // DevCycle: server.
    Prefix { text: "dvc_server_", rest: 20, chars: Chars::Alnum },
    // Devin.
    Prefix { text: "apk_", rest: 80, chars: Chars::Base64 },
    Prefix { text: "apk_user_", rest: 80, chars: Chars::Base64 },
    Prefix { text: "cog_", rest: 34, chars: Chars::Alnum },
    // DigitalOcean: personal, OAuth, refresh.
    Prefix { text: "dop_v1_", rest: 42, chars: Chars::Hex },
    Prefix { text: "doo_v1_", rest: 42, chars: Chars::Hex },
    Prefix { text: "dor_v1_", rest: 42, chars: Chars::Hex },
    // Discord: second factor. (Bots: `form::within`; webhooks: by their URL.)
    Prefix { text: "mfa.", rest: 60, chars: Chars::Word },
    // Docker: personal, organization; Swarm join and unlock.
    Prefix { text: "dckr_pat_", rest: 18, chars: Chars::Word },
    Prefix { text: "dckr_oat_", rest: 20, chars: Chars::Word },
    Prefix { text: "SWMTKN-1-", rest: 50, chars: Chars::Word },
    Prefix { text: "SWMKEY-1-", rest: 26, chars: Chars::Base64 },
    // Doppler: personal, service, CLI, service account, SCIM, audit.
    Prefix { text: "dp.pt.", rest: 28, chars: Chars::Alnum },
    Prefix { text: "dp.st.", rest: 28, chars: Chars::Dotted },
    Prefix { text: "dp.ct.", rest: 28, chars: Chars::Alnum },
    Prefix { text: "dp.sa.", rest: 28, chars: Chars::Alnum },
    Prefix { text: "dp.scim.", rest: 28, chars: Chars::Alnum },
    Prefix { text: "dp.audit.", rest: 28, chars: Chars::Alnum },
    // Dropbox: short-lived.
    Prefix { text: "sl.", rest: 90, chars: Chars::Dotted },
    // DryRun Security.
    Prefix { text: "dryrunsec_", rest: 22, chars: Chars::Alnum },
    // Dub.
    Prefix { text: "dub_", rest: 20, chars: Chars::Alnum },
    // Duffel.
    Prefix { text: "duffel_live_", rest: 28, chars: Chars::Word },
    Prefix { text: "duffel_test_", rest: 28, chars: Chars::Word },
    // Dynatrace: access, OAuth and platform tokens.
    Prefix { text: "dt0c", rest: 62, chars: Chars::Dotted },
    Prefix { text: "dt0s", rest: 62, chars: Chars::Dotted },
    // E2B.
    Prefix { text: "e2b_", rest: 28, chars: Chars::Hex },
    // EasyPost: live, test.
    Prefix { text: "EZAK", rest: 36, chars: Chars::Alnum },
    Prefix { text: "EZTK", rest: 36, chars: Chars::Alnum },
    // Elastic Cloud.
    Prefix { text: "essu_", rest: 60, chars: Chars::Base64 },
    // ElevenLabs.
    Prefix { text: "sk_", rest: 32, chars: Chars::Hex },
    // Endor Labs.
    Prefix { text: "endr+", rest: 14, chars: Chars::Word },
    // Exoscale.
    Prefix { text: "EXO", rest: 24, chars: Chars::Alnum },
    // Facebook, Instagram, Threads.
    Prefix { text: "EAA", rest: 80, chars: Chars::Alnum },
    Prefix { text: "EAACEdEose0cBA", rest: 20, chars: Chars::Alnum },
    Prefix { text: "IGQ", rest: 80, chars: Chars::Word },
    Prefix { text: "IGAA", rest: 80, chars: Chars::Word },
    Prefix { text: "THAA", rest: 80, chars: Chars::Word },
    // Figma: personal.
    Prefix { text: "figd_", rest: 26, chars: Chars::Word },
    Prefix { text: "figp_", rest: 28, chars: Chars::Word },
    // Firecrawl.
    Prefix { text: "fc-", rest: 30, chars: Chars::Hex },
    // Fireworks.
    Prefix { text: "fw_", rest: 20, chars: Chars::Alnum },
    // Fleetbase.
    Prefix { text: "flb_live_", rest: 14, chars: Chars::Alnum },
    Prefix { text: "flb_test_", rest: 14, chars: Chars::Alnum },
    // Flexport.
    Prefix { text: "shltm_", rest: 26, chars: Chars::Word },
    // Flutterwave: live, test.
    Prefix { text: "FLWSECK-", rest: 22, chars: Chars::Word },
    Prefix { text: "FLWSECK_TEST-", rest: 10, chars: Chars::Word },
    // Fly.io: personal, macaroons (after `FlyV1 `).
    Prefix { text: "fo1_", rest: 28, chars: Chars::Word },
    Prefix { text: "fm1a_", rest: 60, chars: Chars::Base64 },
    Prefix { text: "fm1r_", rest: 60, chars: Chars::Base64 },
    Prefix { text: "fm2_", rest: 60, chars: Chars::Base64 },
    // Frame.io.
    Prefix { text: "fio-u-", rest: 42, chars: Chars::Word },
    // Friendli.
    Prefix { text: "flp_", rest: 30, chars: Chars::Alnum },
    // FullStory.
    Prefix { text: "na1.", rest: 40, chars: Chars::Base64 },
    Prefix { text: "eu1.", rest: 40, chars: Chars::Base64 },
    // Gamma.
    Prefix { text: "sk-gamma-", rest: 20, chars: Chars::Word },
    // GitBook.
    Prefix { text: "gb_api_", rest: 24, chars: Chars::Alnum },
    // GitHub: personal, OAuth, user-to-server, server-to-server, refresh, fine-grained.
    Prefix { text: "ghp_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "gho_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "ghu_", rest: 24, chars: Chars::Dotted },
    Prefix { text: "ghs_", rest: 24, chars: Chars::Dotted },
    Prefix { text: "ghr_", rest: 24, chars: Chars::Dotted },
    Prefix { text: "github_pat_", rest: 50, chars: Chars::Word },
    // GitHub: old installation token.
    Prefix { text: "v1.", rest: 40, chars: Chars::Hex },
    // GitLab: personal, OAuth secret, deploy, runner, job, trigger, feed, mail, agent, workspace, SCIM, feature flags.
    Prefix { text: "glpat-", rest: 14, chars: Chars::Dotted },
    Prefix { text: "gloas-", rest: 40, chars: Chars::Word },
    Prefix { text: "gldt-", rest: 14, chars: Chars::Word },
    Prefix { text: "glrt-", rest: 14, chars: Chars::Dotted },
    Prefix { text: "glrtr-", rest: 14, chars: Chars::Dotted },
    Prefix { text: "glcbt-", rest: 16, chars: Chars::Dotted },
    Prefix { text: "glptt-", rest: 26, chars: Chars::Hex },
    Prefix { text: "glft-", rest: 14, chars: Chars::Word },
    Prefix { text: "glimt-", rest: 16, chars: Chars::Word },
    Prefix { text: "glagent-", rest: 34, chars: Chars::Word },
    Prefix { text: "glwt-", rest: 14, chars: Chars::Word },
    Prefix { text: "glsoat-", rest: 14, chars: Chars::Word },
    Prefix { text: "glffct-", rest: 14, chars: Chars::Word },
    Prefix { text: "GR1348941", rest: 14, chars: Chars::Word },
    // Google: API key, new API key, access and refresh token, client secret, HMAC key.
    Prefix { text: "AIza", rest: 24, chars: Chars::Word },
    Prefix { text: "AQ.Ab8", rest: 30, chars: Chars::Word },
    Prefix { text: "ya29.", rest: 20, chars: Chars::Dotted },
    Prefix { text: "1//0", rest: 60, chars: Chars::Word },
    Prefix { text: "GOCSPX-", rest: 18, chars: Chars::Word },
    Prefix { text: "GOOG1", rest: 16, chars: Chars::Upper },
    // Grafana: service account, cloud, old key.
    Prefix { text: "glsa_", rest: 28, chars: Chars::Word },
    Prefix { text: "glc_", rest: 40, chars: Chars::Base64 },
    Prefix { text: "eyJrIjoi", rest: 46, chars: Chars::Base64 },
    // Groq.
    Prefix { text: "gsk_", rest: 34, chars: Chars::Alnum },
    // Guardsquare AppSweep.
    Prefix { text: "gs_appsweep_", rest: 20, chars: Chars::Word },
    // Hack Club.
    Prefix { text: "sk-hc-v1-", rest: 42, chars: Chars::Hex },
    // HashiCorp Vault: service, batch, recovery. (Terraform: `form::within`.)
    Prefix { text: "hvs.", rest: 20, chars: Chars::Word },
    Prefix { text: "hvb.", rest: 40, chars: Chars::Word },
    Prefix { text: "hvr.", rest: 20, chars: Chars::Word },
    // Heartland.
    Prefix { text: "skapi_cert_", rest: 22, chars: Chars::Alnum },
    Prefix { text: "skapi_prod_", rest: 22, chars: Chars::Alnum },
    // Helicone.
    Prefix { text: "sk-helicone-", rest: 20, chars: Chars::Word },
    // Heroku.
    Prefix { text: "HRKU-", rest: 24, chars: Chars::Word },
    // Hex.
    Prefix { text: "hxtp_", rest: 60, chars: Chars::Hex },
    Prefix { text: "hxtw_", rest: 60, chars: Chars::Hex },
    // Honeycomb: ingest, configuration, management.
    Prefix { text: "hcaik_", rest: 38, chars: Chars::Alnum },
    Prefix { text: "hcaic_", rest: 38, chars: Chars::Alnum },
    Prefix { text: "hcamk_", rest: 38, chars: Chars::Alnum },
    // HubSpot: private apps, by region.
    Prefix { text: "pat-na1-", rest: 24, chars: Chars::Word },
    Prefix { text: "pat-na2-", rest: 24, chars: Chars::Word },
    Prefix { text: "pat-eu1-", rest: 24, chars: Chars::Word },
    Prefix { text: "pat-ap1-", rest: 24, chars: Chars::Word },
    // Hugging Face: user, organization.
    Prefix { text: "hf_", rest: 22, chars: Chars::Alnum },
    Prefix { text: "api_org_", rest: 22, chars: Chars::Alnum },
    // Infracost.
    Prefix { text: "ico-", rest: 22, chars: Chars::Alnum },
    // Inngest: signing key.
    Prefix { text: "signkey-", rest: 40, chars: Chars::Word },
    // Intra 42: client secret.
    Prefix { text: "s-s4t2ud-", rest: 42, chars: Chars::Hex },
    Prefix { text: "s-s4t2af-", rest: 42, chars: Chars::Hex },
    // Ionic.
    Prefix { text: "ion_", rest: 30, chars: Chars::Alnum },
    // Iterative.
    Prefix { text: "isat_", rest: 30, chars: Chars::Word },
    // JFrog: API key, reference token.
    Prefix { text: "AKCp", rest: 45, chars: Chars::Alnum },
    Prefix { text: "cmVmdGtu", rest: 38, chars: Chars::Alnum },
    // Jina.
    Prefix { text: "jina_", rest: 40, chars: Chars::Alnum },
    // Klarna: live, test.
    Prefix { text: "klarna_live_api_", rest: 24, chars: Chars::Base64 },
    Prefix { text: "klarna_test_api_", rest: 24, chars: Chars::Base64 },
    // Klaviyo: private.
    Prefix { text: "pk_", rest: 32, chars: Chars::Hex },
    // Langfuse.
    Prefix { text: "sk-lf-", rest: 24, chars: Chars::Word },
    Prefix { text: "pk-lf-", rest: 24, chars: Chars::Word },
    // LangSmith: personal, service, old.
    Prefix { text: "lsv2_pt_", rest: 28, chars: Chars::Word },
    Prefix { text: "lsv2_sk_", rest: 28, chars: Chars::Word },
    Prefix { text: "ls__", rest: 22, chars: Chars::Hex },
    // Letta.
    Prefix { text: "sk-let-", rest: 60, chars: Chars::Base64 },
    // Linear: API, OAuth, refresh, webhook.
    Prefix { text: "lin_api_", rest: 26, chars: Chars::Alnum },
    Prefix { text: "lin_oauth_", rest: 40, chars: Chars::Alnum },
    Prefix { text: "lin_refresh_", rest: 40, chars: Chars::Alnum },
    Prefix { text: "lin_wh_", rest: 20, chars: Chars::Alnum },
    // LinkedIn: access token, client secret.
    Prefix { text: "AQ", rest: 200, chars: Chars::Word },
    Prefix { text: "WPL_AP", rest: 20, chars: Chars::Dotted },
    // Liveblocks.
    Prefix { text: "sk_dev_", rest: 40, chars: Chars::Word },
    // LlamaCloud.
    Prefix { text: "llx-", rest: 30, chars: Chars::Alnum },
    // MailerSend.
    Prefix { text: "mlsn.", rest: 24, chars: Chars::Alnum },
    // Mailgun.
    Prefix { text: "key-", rest: 30, chars: Chars::Hex },
    // Mapbox: secret, temporary.
    Prefix { text: "sk.eyJ", rest: 50, chars: Chars::Dotted },
    Prefix { text: "tk.eyJ", rest: 50, chars: Chars::Dotted },
    // Mappedin.
    Prefix { text: "mik_", rest: 20, chars: Chars::Alnum },
    Prefix { text: "mis_", rest: 36, chars: Chars::Alnum },
    // Mastra.
    Prefix { text: "msk_", rest: 22, chars: Chars::Alnum },
    // Matrix Synapse: access, refresh.
    Prefix { text: "syt_", rest: 32, chars: Chars::Word },
    Prefix { text: "syr_", rest: 32, chars: Chars::Word },
    // Mem0.
    Prefix { text: "m0-", rest: 28, chars: Chars::Alnum },
    // Mercado Pago.
    Prefix { text: "APP_USR-", rest: 36, chars: Chars::Word },
    // Mercury.
    Prefix { text: "mercury_production_", rest: 36, chars: Chars::Word },
    Prefix { text: "mercury_sandbox_", rest: 36, chars: Chars::Word },
    // Mergify.
    Prefix { text: "mergify_application_key_", rest: 26, chars: Chars::Word },
    // Midtrans: live, sandbox.
    Prefix { text: "Mid-server-", rest: 12, chars: Chars::Word },
    Prefix { text: "SB-Mid-server-", rest: 12, chars: Chars::Word },
    // MiniMax.
    Prefix { text: "sk-api-", rest: 78, chars: Chars::Word },
    // Mintlify.
    Prefix { text: "mint_", rest: 22, chars: Chars::Alnum },
    Prefix { text: "mint_dsc_", rest: 20, chars: Chars::Alnum },
    // Miro.
    Prefix { text: "eyJtaXJv", rest: 30, chars: Chars::Word },
    // MongoDB Atlas: service account.
    Prefix { text: "mdb_sa_sk_", rest: 26, chars: Chars::Word },
    // n8n.
    Prefix { text: "n8n_api_", rest: 26, chars: Chars::Alnum },
    // Neon.
    Prefix { text: "napi_", rest: 42, chars: Chars::Alnum },
    // NetBird.
    Prefix { text: "nbp_", rest: 24, chars: Chars::Alnum },
    // Netlify: personal, CLI, OAuth, interface, build.
    Prefix { text: "nfp_", rest: 26, chars: Chars::Alnum },
    Prefix { text: "nfc_", rest: 26, chars: Chars::Alnum },
    Prefix { text: "nfo_", rest: 26, chars: Chars::Alnum },
    Prefix { text: "nfu_", rest: 26, chars: Chars::Alnum },
    Prefix { text: "nfb_", rest: 26, chars: Chars::Alnum },
    // New Relic: user, admin, insert, query, REST; Pixie.
    Prefix { text: "NRAK-", rest: 18, chars: Chars::Alnum },
    Prefix { text: "NRAA-", rest: 18, chars: Chars::Hex },
    Prefix { text: "NRII-", rest: 20, chars: Chars::Word },
    Prefix { text: "NRIQ-", rest: 20, chars: Chars::Word },
    Prefix { text: "NRRA-", rest: 28, chars: Chars::Hex },
    Prefix { text: "px-api-", rest: 24, chars: Chars::Word },
    Prefix { text: "px-dep-", rest: 24, chars: Chars::Word },
    // ngrok (API key, credential), Composio.
    Prefix { text: "ak_", rest: 20, chars: Chars::Alnum },
    Prefix { text: "cr_", rest: 25, chars: Chars::Alnum },
    // Nightfall.
    Prefix { text: "NF-", rest: 28, chars: Chars::Alnum },
    // Notion: integration, old integration, refresh.
    Prefix { text: "ntn_", rest: 32, chars: Chars::Alnum },
    Prefix { text: "secret_", rest: 40, chars: Chars::Alnum },
    Prefix { text: "nrt_", rest: 40, chars: Chars::Word },
    // npm.
    Prefix { text: "npm_", rest: 24, chars: Chars::Alnum },
    // NuGet.
    Prefix { text: "oy2", rest: 40, chars: Chars::Alnum },
    // NVIDIA.
    Prefix { text: "nvapi-", rest: 40, chars: Chars::Word },
    // Nylas.
    Prefix { text: "nyk_", rest: 46, chars: Chars::Word },
    // Octopus Deploy.
    Prefix { text: "API-", rest: 24, chars: Chars::Upper },
    // Omise.
    Prefix { text: "skey_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "skey_live_", rest: 14, chars: Chars::Alnum },
    Prefix { text: "skey_test_", rest: 14, chars: Chars::Alnum },
    // OneSignal.
    Prefix { text: "os_v2_app_", rest: 60, chars: Chars::Alnum },
    Prefix { text: "os_v2_org_", rest: 60, chars: Chars::Alnum },
    // Onfido, by region.
    Prefix { text: "api_live.", rest: 30, chars: Chars::Dotted },
    Prefix { text: "api_live_us.", rest: 30, chars: Chars::Dotted },
    Prefix { text: "api_live_ca.", rest: 30, chars: Chars::Dotted },
    Prefix { text: "api_sandbox.", rest: 30, chars: Chars::Dotted },
    // OpenAI: project, service account, admin, user; old keys, session. Plain `sk-` also: DeepSeek, Moonshot, Stability, DashScope.
    Prefix { text: "sk-proj-", rest: 20, chars: Chars::Word },
    Prefix { text: "sk-svcacct-", rest: 20, chars: Chars::Word },
    Prefix { text: "sk-service-", rest: 40, chars: Chars::Word },
    Prefix { text: "sk-admin-", rest: 40, chars: Chars::Word },
    Prefix { text: "sk-None-", rest: 32, chars: Chars::Word },
    Prefix { text: "sk-", rest: 20, chars: Chars::Alnum },
    Prefix { text: "sess-", rest: 36, chars: Chars::Alnum },
    // OpenRouter.
    Prefix { text: "sk-or-v1-", rest: 24, chars: Chars::Alnum },
    // OpenShift.
    Prefix { text: "sha256~", rest: 28, chars: Chars::Word },
    // Open VSX.
    Prefix { text: "ovsxat_", rest: 24, chars: Chars::Word },
    Prefix { text: "ovsxp_", rest: 24, chars: Chars::Word },
    // Ory: project, workspace, access, refresh, code, session.
    Prefix { text: "ory_pat_", rest: 20, chars: Chars::Alnum },
    Prefix { text: "ory_apikey_", rest: 20, chars: Chars::Alnum },
    Prefix { text: "ory_wak_", rest: 20, chars: Chars::Alnum },
    Prefix { text: "ory_at_", rest: 24, chars: Chars::Dotted },
    Prefix { text: "ory_rt_", rest: 24, chars: Chars::Dotted },
    Prefix { text: "ory_ac_", rest: 24, chars: Chars::Dotted },
    Prefix { text: "ory_st_", rest: 22, chars: Chars::Alnum },
    // Packagist: organization, user, conductor; API key, API secret.
    Prefix { text: "packagist_ort_", rest: 40, chars: Chars::Hex },
    Prefix { text: "packagist_out_", rest: 40, chars: Chars::Hex },
    Prefix { text: "packagist_uut_", rest: 40, chars: Chars::Hex },
    Prefix { text: "packagist_cut_", rest: 40, chars: Chars::Hex },
    Prefix { text: "packagist_ack_", rest: 20, chars: Chars::Hex },
    Prefix { text: "packagist_acs_", rest: 42, chars: Chars::Hex },
    // Paddle: live, sandbox, webhook.
    Prefix { text: "pdl_live_apikey_", rest: 34, chars: Chars::Word },
    Prefix { text: "pdl_sdbx_apikey_", rest: 34, chars: Chars::Word },
    Prefix { text: "pdl_ntfset_", rest: 34, chars: Chars::Word },
    // Pagar.me.
    Prefix { text: "ak_live_", rest: 20, chars: Chars::Alnum },
    Prefix { text: "ak_test_", rest: 20, chars: Chars::Alnum },
    // Pangea.
    Prefix { text: "pts_", rest: 22, chars: Chars::Alnum },
    // Permit.io.
    Prefix { text: "permit_key_", rest: 56, chars: Chars::Alnum },
    // Perplexity.
    Prefix { text: "pplx-", rest: 32, chars: Chars::Alnum },
    // Persona.
    Prefix { text: "persona_production_", rest: 32, chars: Chars::Word },
    Prefix { text: "persona_sandbox_", rest: 32, chars: Chars::Word },
    // pganalyze.
    Prefix { text: "pgar_", rest: 18, chars: Chars::Alnum },
    // PhotoRoom.
    Prefix { text: "sk_pr_", rest: 40, chars: Chars::Word },
    // Pinecone.
    Prefix { text: "pcsk_", rest: 46, chars: Chars::Word },
    // Pinterest: access, refresh.
    Prefix { text: "pina_", rest: 40, chars: Chars::Word },
    Prefix { text: "pinr_", rest: 40, chars: Chars::Dotted },
    // Plaid: access tokens.
    Prefix { text: "access-production-", rest: 30, chars: Chars::Word },
    Prefix { text: "access-development-", rest: 30, chars: Chars::Word },
    Prefix { text: "access-sandbox-", rest: 30, chars: Chars::Word },
    // PlanetScale: service, OAuth, password.
    Prefix { text: "pscale_tkn_", rest: 28, chars: Chars::Dotted },
    Prefix { text: "pscale_oauth_", rest: 28, chars: Chars::Dotted },
    Prefix { text: "pscale_pw_", rest: 28, chars: Chars::Dotted },
    // Polar: access, organization, personal, refresh.
    Prefix { text: "polar_at_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "polar_oat_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "polar_pat_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "polar_rt_", rest: 24, chars: Chars::Alnum },
    // Pollinations.
    Prefix { text: "plln_sk_", rest: 18, chars: Chars::Alnum },
    // Portainer.
    Prefix { text: "ptr_", rest: 36, chars: Chars::Base64 },
    // PostHog: personal, feature flags, OAuth access and refresh.
    Prefix { text: "phx_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "phs_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "pha_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "phr_", rest: 28, chars: Chars::Alnum },
    // Postman: API, collection.
    Prefix { text: "PMAK-", rest: 40, chars: Chars::Word },
    Prefix { text: "PMAT-", rest: 18, chars: Chars::Alnum },
    // Prefect: user, bot.
    Prefix { text: "pnu_", rest: 24, chars: Chars::Alnum },
    Prefix { text: "pnb_", rest: 24, chars: Chars::Alnum },
    // PubNub: secret, publish.
    Prefix { text: "sec-c-", rest: 32, chars: Chars::Alnum },
    Prefix { text: "pub-c-", rest: 30, chars: Chars::Word },
    // Pulumi.
    Prefix { text: "pul-", rest: 26, chars: Chars::Hex },
    // PyPI and its test index.
    Prefix { text: "pypi-Ag", rest: 40, chars: Chars::Word },
    // Rainforest: live, sandbox.
    Prefix { text: "apikey_", rest: 42, chars: Chars::Hex },
    Prefix { text: "sbx_apikey_", rest: 42, chars: Chars::Hex },
    // Ramp: id, secret.
    Prefix { text: "ramp_id_", rest: 26, chars: Chars::Alnum },
    Prefix { text: "ramp_sec_", rest: 32, chars: Chars::Alnum },
    // Razorpay: live, test.
    Prefix { text: "rzp_live_", rest: 10, chars: Chars::Alnum },
    Prefix { text: "rzp_test_", rest: 10, chars: Chars::Alnum },
    // ReadMe.
    Prefix { text: "rdme_", rest: 46, chars: Chars::Alnum },
    // Render.
    Prefix { text: "rnd_", rest: 24, chars: Chars::Alnum },
    // Replicate.
    Prefix { text: "r8_", rest: 26, chars: Chars::Alnum },
    // Riot Games.
    Prefix { text: "RGAPI-", rest: 28, chars: Chars::Word },
    // Robinhood.
    Prefix { text: "rh-api-", rest: 28, chars: Chars::Word },
    // Rootly.
    Prefix { text: "rootly_", rest: 42, chars: Chars::Hex },
    // RubyGems.
    Prefix { text: "rubygems_", rest: 32, chars: Chars::Hex },
    // RunPod.
    Prefix { text: "rpa_", rest: 30, chars: Chars::Alnum },
    // SaladCloud.
    Prefix { text: "salad_cloud_", rest: 32, chars: Chars::Word },
    // Salesforce: consumer key, refresh token. (Sessions: `form::within`.)
    Prefix { text: "3MVG9", rest: 56, chars: Chars::Dotted },
    Prefix { text: "5AEP861", rest: 54, chars: Chars::Dotted },
    // Samsara.
    Prefix { text: "samsara_api_", rest: 18, chars: Chars::Alnum },
    // Sanity.
    Prefix { text: "sk", rest: 78, chars: Chars::Alnum },
    // Scalingo.
    Prefix { text: "tk-us-", rest: 32, chars: Chars::Word },
    // Scrapfly.
    Prefix { text: "scp-live-", rest: 22, chars: Chars::Alnum },
    Prefix { text: "scp-test-", rest: 22, chars: Chars::Alnum },
    // SendGrid.
    Prefix { text: "SG.", rest: 42, chars: Chars::Dotted },
    // Sentry: organization, user, app, integration.
    Prefix { text: "sntrys_", rest: 40, chars: Chars::Base64 },
    Prefix { text: "sntryu_", rest: 42, chars: Chars::Hex },
    Prefix { text: "sntrya_", rest: 42, chars: Chars::Hex },
    Prefix { text: "sntryi_", rest: 42, chars: Chars::Hex },
    // SettleMint: application, personal, service.
    Prefix { text: "sm_aat_", rest: 12, chars: Chars::Alnum },
    Prefix { text: "sm_pat_", rest: 12, chars: Chars::Alnum },
    Prefix { text: "sm_sat_", rest: 12, chars: Chars::Alnum },
    // Shippo.
    Prefix { text: "shippo_live_", rest: 28, chars: Chars::Hex },
    Prefix { text: "shippo_test_", rest: 28, chars: Chars::Hex },
    // Shopify: access, custom app, private app, shared secret, theme.
    Prefix { text: "shpat_", rest: 22, chars: Chars::Hex },
    Prefix { text: "shpca_", rest: 22, chars: Chars::Hex },
    Prefix { text: "shppa_", rest: 22, chars: Chars::Hex },
    Prefix { text: "shpss_", rest: 22, chars: Chars::Hex },
    Prefix { text: "shptka_", rest: 22, chars: Chars::Hex },
    // Slack: bot, user, workspace, old, refresh, legacy, client, cookie, rotating, app.
    Prefix { text: "xoxb-", rest: 10, chars: Chars::Word },
    Prefix { text: "xoxp-", rest: 10, chars: Chars::Word },
    Prefix { text: "xoxa-", rest: 10, chars: Chars::Word },
    Prefix { text: "xoxo-", rest: 10, chars: Chars::Word },
    Prefix { text: "xoxr-", rest: 10, chars: Chars::Word },
    Prefix { text: "xoxs-", rest: 10, chars: Chars::Word },
    Prefix { text: "xoxc-", rest: 10, chars: Chars::Word },
    Prefix { text: "xoxd-", rest: 20, chars: Chars::Base64 },
    Prefix { text: "xoxe-", rest: 20, chars: Chars::Word },
    Prefix { text: "xoxe.xox", rest: 20, chars: Chars::Word },
    Prefix { text: "xapp-", rest: 16, chars: Chars::Word },
    // Snyk: user, service account.
    Prefix { text: "snyk_uat.", rest: 40, chars: Chars::Dotted },
    Prefix { text: "snyk_sat.", rest: 40, chars: Chars::Dotted },
    // Socket.
    Prefix { text: "sktsec_", rest: 24, chars: Chars::Word },
    // SonarQube, SonarCloud: user, project, analysis, badge; organization.
    Prefix { text: "squ_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "sqp_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "sqa_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "sqb_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "sqco_", rest: 40, chars: Chars::Alnum },
    // Sourcegraph, Segment; Cody gateway.
    Prefix { text: "sgp_", rest: 34, chars: Chars::Word },
    Prefix { text: "slk_", rest: 42, chars: Chars::Hex },
    // SpectralOps.
    Prefix { text: "spu-", rest: 22, chars: Chars::Alnum },
    // Square: access, OAuth; application ids and secrets, live and sandbox.
    Prefix { text: "EAAA", rest: 40, chars: Chars::Word },
    Prefix { text: "sq0atp-", rest: 14, chars: Chars::Word },
    Prefix { text: "sq0csp-", rest: 28, chars: Chars::Word },
    Prefix { text: "sq0idp-", rest: 14, chars: Chars::Word },
    Prefix { text: "sq0csb-", rest: 28, chars: Chars::Word },
    Prefix { text: "sq0idb-", rest: 14, chars: Chars::Word },
    // StackHawk.
    Prefix { text: "hawk.", rest: 26, chars: Chars::Dotted },
    // Stripe: secret, restricted, organization, webhook. `sk_live_` also: Clerk, WorkOS, Paystack, Apideck; `whsec_` also: Svix.
    Prefix { text: "sk_live_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "sk_test_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "sk_prod_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "rk_live_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "rk_test_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "rk_prod_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "sk_org_live_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "sk_org_test_", rest: 16, chars: Chars::Alnum },
    Prefix { text: "whsec_", rest: 20, chars: Chars::Base64 },
    // SumUp.
    Prefix { text: "sup_sk_", rest: 20, chars: Chars::Alnum },
    // Supabase: personal, project.
    Prefix { text: "sbp_", rest: 26, chars: Chars::Alnum },
    Prefix { text: "sb_secret_", rest: 20, chars: Chars::Word },
    // Tailscale: auth, API, client, webhook.
    Prefix { text: "tskey-", rest: 24, chars: Chars::Word },
    // Tavily.
    Prefix { text: "tvly-", rest: 22, chars: Chars::Word },
    // TeamCity.
    Prefix { text: "eyJ0eXAiOiAiVENWMiJ9", rest: 60, chars: Chars::Dotted },
    // Teamwork.
    Prefix { text: "tkn.v1_", rest: 46, chars: Chars::Base64 },
    // Tencent Cloud.
    Prefix { text: "AKID", rest: 28, chars: Chars::Alnum },
    // Testkube.
    Prefix { text: "tkcapi_", rest: 22, chars: Chars::Alnum },
    // Tigris: id, secret.
    Prefix { text: "tid_", rest: 45, chars: Chars::Word },
    Prefix { text: "tsec_", rest: 35, chars: Chars::Word },
    // Together.
    Prefix { text: "tgp_v1_", rest: 28, chars: Chars::Word },
    // Tolgee: project, personal.
    Prefix { text: "tgpak_", rest: 28, chars: Chars::Alnum },
    Prefix { text: "tgpat_", rest: 28, chars: Chars::Alnum },
    // Trigger.dev, by environment; personal.
    Prefix { text: "tr_dev_", rest: 18, chars: Chars::Alnum },
    Prefix { text: "tr_prod_", rest: 18, chars: Chars::Alnum },
    Prefix { text: "tr_stg_", rest: 18, chars: Chars::Alnum },
    Prefix { text: "tr_pat_", rest: 18, chars: Chars::Alnum },
    // TruffleHog Enterprise.
    Prefix { text: "thog-key-", rest: 12, chars: Chars::Hex },
    Prefix { text: "thog-secret-", rest: 22, chars: Chars::Hex },
    // Twilio: API key, account.
    Prefix { text: "SK", rest: 30, chars: Chars::Hex },
    Prefix { text: "AC", rest: 30, chars: Chars::Hex },
    // Typeform.
    Prefix { text: "tfp_", rest: 38, chars: Chars::Dotted },
    // Ubidots.
    Prefix { text: "BBFF-", rest: 20, chars: Chars::Alnum },
    Prefix { text: "BBUS-", rest: 20, chars: Chars::Alnum },
    // Unkey.
    Prefix { text: "unkey_", rest: 18, chars: Chars::Alnum },
    // UpCloud.
    Prefix { text: "ucat_", rest: 18, chars: Chars::Alnum },
    // Vantage.
    Prefix { text: "vtwn_", rest: 30, chars: Chars::Word },
    // Vercel: personal, app, gateway key, refresh, integration.
    Prefix { text: "vcp_", rest: 36, chars: Chars::Word },
    Prefix { text: "vca_", rest: 36, chars: Chars::Word },
    Prefix { text: "vck_", rest: 36, chars: Chars::Word },
    Prefix { text: "vcr_", rest: 36, chars: Chars::Word },
    Prefix { text: "vci_", rest: 36, chars: Chars::Word },
    // VK.
    Prefix { text: "vk1.a.", rest: 66, chars: Chars::Word },
    // Voiceflow.
    Prefix { text: "VF.", rest: 38, chars: Chars::Dotted },
    // Volcengine.
    Prefix { text: "AKLT", rest: 32, chars: Chars::Word },
    // WakaTime.
    Prefix { text: "waka_", rest: 30, chars: Chars::Word },
    // Weights & Biases.
    Prefix { text: "wandb_v1_", rest: 40, chars: Chars::Word },
    // WooCommerce: consumer key, consumer secret.
    Prefix { text: "ck_", rest: 36, chars: Chars::Hex },
    Prefix { text: "cs_", rest: 36, chars: Chars::Hex },
    // Workato, by region.
    Prefix { text: "wrka-eyJ", rest: 60, chars: Chars::Dotted },
    Prefix { text: "wrkaus-eyJ", rest: 60, chars: Chars::Dotted },
    Prefix { text: "wrkaeu-eyJ", rest: 60, chars: Chars::Dotted },
    // xAI.
    Prefix { text: "xai-", rest: 50, chars: Chars::Word },
    // Xata.
    Prefix { text: "xau_", rest: 22, chars: Chars::Alnum },
    // Xendit.
    Prefix { text: "xnd_production_", rest: 36, chars: Chars::Alnum },
    Prefix { text: "xnd_development_", rest: 36, chars: Chars::Alnum },
    // Yandex: API key, IAM token, OAuth, static keys.
    Prefix { text: "AQVN", rest: 24, chars: Chars::Word },
    Prefix { text: "t1.", rest: 90, chars: Chars::Dotted },
    Prefix { text: "y0_A", rest: 36, chars: Chars::Word },
    Prefix { text: "YCA", rest: 37, chars: Chars::Word },
    Prefix { text: "YCM", rest: 37, chars: Chars::Word },
    Prefix { text: "YCN", rest: 37, chars: Chars::Word },
    Prefix { text: "YCO", rest: 37, chars: Chars::Word },
    Prefix { text: "YCP", rest: 37, chars: Chars::Word },
    // You.com.
    Prefix { text: "ydc-sk-", rest: 24, chars: Chars::Word },
    // Zoho.
    Prefix { text: "1000.", rest: 60, chars: Chars::Dotted },
    // Zuplo.
    Prefix { text: "zpka_", rest: 30, chars: Chars::Word },
];

// Not in the table: keys that are known by what stands within or at their end, which `form::within` finds; and
// - keys of mixed characters whose form nobody else's excludes: Asana's, Airtable's OAuth tokens, Authress, Azure's storage,
//   search and function keys, Bitwarden, Braintree, GoDaddy, Sidekiq, Tableau, Twitter. Under a sensitive name, or with 64 characters, they go all the same;
// - prefixes that ordinary text begins with, too: `s.` and `b.` (old Vault), `pa-` (Voyage), `live_` and `test_` (Lob, GoCardless,
//   Scale, Column, Mollie), `b_` (Beamer), `bu_` (Browser Use), `bb_live_` (Browserbase), `md-` (Mandrill), `api_` (Close), `cli_`
//   (Lark), `db-` (Databento), `KEY` (Telnyx), `API_KEY` (Finage), `private_` (ImageKit), `act.` (TikTok), `STS.` (Alibaba), `4b1d`
//   (ClickHouse), `6L` (reCAPTCHA), `u+` (PagerDuty);
// - what is public: `pk_live_` (Stripe), `pk.` (Mapbox), `phc_` (PostHog), `sb_publishable_` (Supabase), `FLWPUBK-` (Flutterwave),
//   `NRJS-` and `NRBR-` (New Relic), `sub-c-` (PubNub), `Mid-client-` (Midtrans), `key_live_` (Branch), `dvc_client_` (DevCycle), and
//   AWS ids that open nothing (`AGPA`, `AIDA`, `AROA`, `AIPA`, `ANPA`, `ANVA`);
// - keys without any form: Cohere, Mistral, Exa, Datadog, Twitch, Travis, Codecov, Fastly, Vultr, Linode, Hetzner, Algolia, Upstash,
//   Mux, Plaid's secret, PayPal's client secret, MessageBird, Zendesk.
