/// Names that go, as published by those who scrub for a living.
pub(crate) const PUBLIC_LISTS: &[(&str, &[&str])] = &[
    // sentry-python, `DEFAULT_DENYLIST` in scrubber.py. Left out: `x_forwarded_for`, whose addresses go by
    // their shape.
    (
        "sentry-python",
        &[
            "password passwd secret api_key apikey auth credentials mysql_pwd privatekey private_key token",
            "session csrftoken sessionid x_csrftoken set_cookie cookie authorization proxy-authorization",
            "x_api_key aiohttp_session connect.sid csrf_token csrf _csrf _csrf_token PHPSESSID _session",
            "user_session _xsrf XSRF-TOKEN",
        ],
    ),
    // Relay, `PASSWORD_KEY_REGEX` in relay-pii/src/regexes.rs.
    ("relay", &["password secret passwd api_key api-key apikey auth credentials mysql_pwd otp two_factor two-factor"]),
    // Rails, the generated filter_parameter_logging.rb; there as parts of names, here as whole ones.
    (
        "rails",
        &[
            "passw secret token api_key crypt salt certificate otp ssn cvv cvc authenticity_token",
            "password_confirmation",
        ],
    ),
    // Django, `hidden_settings` in views/debug.py, by settings' names.
    ("django", &["API_KEY TOKEN SECRET_KEY PASS SIGNATURE HTTP_COOKIE AWS_SECRET_ACCESS_KEY csrfmiddlewaretoken"]),
    // Datadog, the default query-string obfuscation of its tracers.
    (
        "datadog",
        &[
            "pwd pass password pass_phrase passphrase secret apikey api_key private_key access_key secret_key",
            "access_key_id token consumer_key consumer_secret signature auth authentication authorization",
        ],
    ),
    // Elastic APM, `sanitize_field_names`. Left out: `credit` and `card`, which are as often a kind as a
    // number.
    ("elastic", &["password passwd pwd secret token session authorization set-cookie"]),
    ("bugsnag", &["password password_confirmation secret authorization cookie access_token refresh_token"]),
    ("honeybadger", &["password password_confirmation HTTP_AUTHORIZATION"]),
    (
        "rollbar",
        &[
            "passwd password password_confirmation secret confirm_password secret_token api_key access_token",
            "session_id",
        ],
    ),
    ("spring", &["password secret token credentials api.key vcap.services.credentials"]),
    ("laravel", &["password password_confirmation current_password _token XSRF-TOKEN laravel_session"]),
];

/// Names of one meaning each, in snake case, to be spelled in other ways.
pub(crate) const PLAIN: &[&str] = &[
    "password",
    "user_password",
    "new_password",
    "old_password",
    "current_password",
    "password_confirmation",
    "new_password_confirmation",
    "confirm_password",
    "password_hash",
    "db_password",
    "admin_password",
    "passwd",
    "passphrase",
    "db_pwd",
    "secret",
    "client_secret",
    "shared_secret",
    "app_secret",
    "secret_key",
    "secret_key_base",
    "webhook_secret",
    "api_key",
    "stripe_api_key",
    "api_secret",
    "api_token",
    "access_key",
    "access_token",
    "auth_token",
    "refresh_token",
    "id_token",
    "bearer_token",
    "session_token",
    "security_token",
    "reset_token",
    "reset_password_token",
    "remember_token",
    "device_token",
    "oauth_token",
    "github_token",
    "csrf_token",
    "xsrf_token",
    "private_key",
    "ssh_key",
    "signing_key",
    "encryption_key",
    "master_key",
    "authorization",
    "credentials",
    "session_id",
    "session_key",
    "cookie",
    "jwt",
    "otp",
    "otp_code",
    "pin",
    "cvv",
    "cvc",
    "card_number",
    "credit_card_number",
    "ssn",
    "social_security_number",
    "aws_secret_access_key",
    "account_key",
    "signature",
];

/// Names that services were seen with.
pub(crate) const MET: &[&str] = &[
    "userPassword X-Forwarded-Authorization connect.sid __Secure-next-auth.session-token cardNumber",
    "__Host-next-auth.csrf-token next-auth.session-token JSESSIONID PHPSESSID ASP.NET_SessionId sessionid",
    "laravel_session _rails_session _gitlab_session symfony csrftoken csrfmiddlewaretoken authenticity_token",
    "__RequestVerificationToken _xsrf X-Amz-Security-Token X-Amz-Signature X-Goog-Signature X-Vault-Token",
    "PRIVATE-TOKEN X-Shopify-Access-Token Ocp-Apim-Subscription-Key X-Functions-Key DD-API-KEY X-Goog-Api-Key",
    "apikey apiKey APIKEY ApiKey api.key PGPASSWORD MYSQL_ROOT_PASSWORD POSTGRES_PASSWORD REDIS_PASSWORD",
    "AWS_SECRET_ACCESS_KEY mysql_pwd AWS_SESSION_TOKEN GITHUB_TOKEN NPM_TOKEN SLACK_BOT_TOKEN STRIPE_SECRET_KEY",
    "SECRET_KEY_BASE ClientSecret clientSecret AccountKey SharedAccessKey accessToken refreshToken idToken",
    "authToken passwordHash password_digest encrypted_password hashed_password plainPassword passwordRepeat",
    "password1 password2 Password2Confirm passwd2 j_password user_pass dbPass ftpPwd rootpw pw 2faCode",
    "totp_secret mfa_code otpCode verification_code securityCode cvv2 cvc2 card_cvc ccNumber credit_card",
    "creditCardNumber SSN socialSecurityNumber taxpayer_ssn userPin passcode pass_phrase privateKeyPem",
    "rsa_private_key sshPrivateKey keystorePassword javax.net.ssl.keyStorePassword spring.datasource.password",
    "hmacKey secretAccessKey accessKeyId bot_token invite_token fcmToken x-auth-token X-CSRF-Token X-XSRF-TOKEN",
    "Proxy-Authorization remember_user_token _authToken authPassword Passwort kennwort contraseña contrasena",
    "mot_de_passe motDePasse senha пароль wachtwoord hasło lösenord 密码",
];
