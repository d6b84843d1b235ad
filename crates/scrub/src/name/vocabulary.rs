//! What words in a name say about its value. The start was the union of the public deny lists: those of Sentry's SDKs and of
//! Relay, of Rails, Django, Datadog, Bugsnag and Spring.

/// A secret by itself, of the kind that people choose.
pub(super) const PASSWORD: u32 = 1;
/// A secret by itself.
pub(super) const SECRET: u32 = 1 << 1;
pub(super) const TOKEN: u32 = 1 << 2;
pub(super) const SESSION: u32 = 1 << 3;
pub(super) const KEY: u32 = 1 << 4;
pub(super) const AUTH: u32 = 1 << 5;
pub(super) const CODE: u32 = 1 << 6;
pub(super) const CARD: u32 = 1 << 7;
pub(super) const NUMBER: u32 = 1 << 8;
pub(super) const PASS: u32 = 1 << 9;
/// A secret only if the value looks random.
pub(super) const SIGNATURE: u32 = 1 << 10;
/// Before `key`, makes it a secret one.
pub(super) const OF_KEY: u32 = 1 << 11;
/// Before `code`.
pub(super) const OF_CODE: u32 = 1 << 12;
/// Before `number` or `id`.
pub(super) const OF_NUMBER: u32 = 1 << 13;
/// Before `pass`.
pub(super) const OF_PASS: u32 = 1 << 14;
/// After a token, session or auth, what holds it.
pub(super) const HOLDER: u32 = 1 << 15;
/// As the last word, what is told of a secret without telling it.
pub(super) const ABOUT: u32 = 1 << 16;
/// As the first word, a question or a setting.
pub(super) const ASKING: u32 = 1 << 17;
/// Before `tokens`, those that a language model counts.
pub(super) const COUNTED: u32 = 1 << 18;
/// More than one: a number counts them.
pub(super) const PLURAL: u32 = 1 << 19;
pub(super) const DIGEST: u32 = 1 << 20;
pub(super) const VERSION: u32 = 1 << 21;
/// Text that tells several values: the whole line goes.
pub(super) const LINE: u32 = 1 << 22;
/// Personal data, which the strict rules take out.
pub(super) const PERSONAL: u32 = 1 << 23;
type Words = (u32, &'static str);

pub(super) const WORDS: &[Words] = &[
    (
        PASSWORD,
        "password passwd pwd passphrase passcode passw passwrd pword pswd psw passwort kennwort contrasena contraseña senha \
         wachtwoord lösenord losenord hasło haslo adgangskode salasana heslo jelszo jelszó şifre sifre motdepasse parola parool lozinka passord contrasenya sifra пароль пароли \
         密码 密碼 口令 パスワード 비밀번호 pw",
    ),
    (PASSWORD | PLURAL, "passwords passwds pwds passphrases passcodes passwörter contraseñas senhas"),
    (
        SECRET,
        "secret credential cred csrf xsrf csrftoken xsrftoken csrfmiddlewaretoken jwt bearer otp totp hotp pin pincode cvv cvc cvn \
         csc ssn iban apikey secretkey privatekey accesskey authkey sessionid sessid sid phpsessid jsessionid authtoken \
         accesstoken refreshtoken idtoken bearertoken oauthtoken clientsecret cardnumber creditcard ccnumber ccnum cardno \
         accountnumber routingnumber securitycode stripetoken connectionstring connstr kubeconfig pgpass netrc mnemonic \
         seedphrase otpauth backupcode verificationcode samlresponse samlrequest sshkey masterkey encryptionkey signingkey sastoken vcap socialsecurity \
         htpasswd crypt assertion magiclink signature salt symfony twofactor rootpw certificate cert psk sessiontoken usertoken apitoken webtoken pgpassword secreto geheimnis",
    ),
    (SECRET | PLURAL, "secrets credentials creds pins otps jwts apikeys ssns ibans"),
    (SECRET | LINE, "authorization authorisation cookie setcookie proxyauthorization"),
    (SECRET | LINE | PLURAL, "cookies"),
    (TOKEN, "token tok jeton"),
    (TOKEN | PLURAL, "tokens"),
    (SESSION, "session sess"),
    (SESSION | PLURAL, "sessions"),
    (KEY, "key clave schlüssel"),
    (KEY | PLURAL, "keys"),
    (AUTH, "auth oauth authn authentication authenticator xauth"),
    (CODE, "code"),
    (CODE | PLURAL, "codes"),
    (CARD, "card cc creditcards ccard"),
    (NUMBER, "number no num nr numero nummer"),
    (PASS, "pass"),
    (SIGNATURE, "sig hmac nonce verifier"),
    (
        OF_KEY,
        "api secret private access encryption encrypt decryption decrypt signing sign master ssh aws gcp azure stripe twilio \
         sendgrid mailgun mailchimp google maps openai anthropic gemini mistral cohere groq github gitlab slack datadog \
         newrelic sentry algolia firebase cloudflare heroku app application client consumer service server root deploy \
         webhook shared symmetric hmac aes rsa dsa ecdsa ed25519 des pgp gpg subscription account storage functions session \
         cookie jwt token crypto cipher wallet recovery backup activation license licence pairing wifi wep wpa psk preshared sas \
         auth oauth ssl tls host integration rapidapi unlock security secure kms hash bot pat write read admin user provisioning \
         registration vapid session seed ledger signer login password passphrase",
    ),
    (
        OF_CODE,
        "security verification verify auth authentication authorization otp mfa tfa fa sms totp recovery backup pin access \
         passcode activation confirmation confirm login oauth device twofactor factor time card invite unlock reset",
    ),
    (
        OF_NUMBER,
        "account acct routing bank passport licence license tax national insurance identity social security iban swift card pan \
         credit debit cc ssn sort checking savings aba medicare nhs",
    ),
    (
        OF_PASS,
        "db database user usr my mysql pg postgres postgresql redis mongo smtp ftp sftp root admin login email mail imap ssh http \
         proxy new old web wifi sudo sql ldap basic auth cert key keystore truststore vpn jdbc rabbitmq amqp mqtt app client \
         server registry docker ssl tls pem rpc current confirm temp default",
    ),
    (
        HOLDER,
        "id value values data key keys string str hash secret raw header headers code cookie content body info payload val txt plain plaintext encoded encrypted jwt hex b64 base64 param bearer confirmation confirm again repeat new old current previous temp temporary",
    ),
    (
        ABOUT,
        "found accepted count counts counter length len size sizes limit limits type types kind kinds used usage usages remaining total totals max min \
         enabled disabled required optional valid invalid validity validation validator status state policy policies strength score \
         expires expired expiry expiration expire exp ttl age at on date time timestamp datetime created updated changed modified \
         rotated issued attempts attempt tries retry retries failures failure errors error name names label labels title placeholder \
         field fields input url urls uri uris endpoint endpoints path paths route routes host hosts port domain domains provider providers issuer \
         algorithm alg algo method methods mode scheme schemes format prefix version versions rules rule regex pattern hint help description \
         message messages visible visibility show hidden toggle tab page form link links button icon manager service services \
         backend backends handler handlers factory config configuration settings setting options option cost price budget rate ratio per avg mean \
         duration timeout interval window index position stats metrics consent banner samesite httponly secure arn supported allowed \
         flow grant audience scope scopes permissions permission role roles level latency requests request response responses tracker tracking \
         reader writer parser lexer stream start started end ended ending seconds secs ms minutes days hours bytes chars characters \
         budgeted budgets spent saved processed generated consumed estimate estimated ref event events context middleware module plugin \
         guard strategy interceptor filter controller screen view dialog modal component group groups table column columns row rows \
         test tests spec generator storage store driver cache pool file folder dir directory location region year month day",
    ),
    (
        ASKING,
        "has is use uses using need needs require requires show hide enable enables disable disables allow allows max min num forgot skip should can with without supports support missing invalid expired no did was wrong bad",
    ),
    (
        COUNTED,
        "max min num number n total prompt completion input output used cached reasoning remaining per avg audio text accepted rejected prediction \
         context cache usage thinking budget response request generated new image estimated consumed billed read write creation of unique count stop special top",
    ),
    (
        DIGEST,
        "digest checksum sha md hash etag integrity fingerprint commit revision tree blob oid image crc thumbprint",
    ),
    (VERSION, "version ver release build versions"),
    (
        PERSONAL,
        "firstname lastname surname fullname familyname givenname middlename maidenname phone telephone mobile fax street postcode zipcode \
         birthday birthdate dob latitude longitude lat lng lon gender ethnicity religion nationality nickname email username msisdn address \
         passport",
    ),
];

/// Names whose words say it only together.
pub(super) const PHRASES: &[(&[&str], u32)] = &[
    (&["connect", "sid"], SECRET),
    (&["mot", "de", "passe"], PASSWORD),
    (&["one", "time"], SECRET),
    (&["social", "security"], SECRET),
    (&["security", "answer"], SECRET),
    (&["secret", "answer"], SECRET),
    (&["connection", "string"], SECRET),
    (&["connection", "strings"], SECRET),
    (&["pass", "word"], PASSWORD),
    (&["pass", "phrase"], PASSWORD),
    (&["pass", "code"], PASSWORD),
    (&["pre", "shared"], SECRET),
    (&["seed", "phrase"], SECRET),
    (&["mnemonic", "phrase"], SECRET),
    (&["recovery", "phrase"], SECRET),
    (&["remember", "me"], SIGNATURE),
    (&["code", "verifier"], SECRET),
    (&["private", "mac"], SECRET),
    (&["saml", "response"], SECRET),
    (&["saml", "request"], SECRET),
    (&["two", "factor"], SECRET),
    (&["credit", "card"], SECRET),
    (&["debit", "card"], SECRET),
    (&["access", "key", "id"], SECRET),
    (&["private", "pem"], SECRET),
    (&["key", "pem"], SECRET),
    (&["cf", "clearance"], SECRET),
    (&["user", "pass"], PASSWORD),
    (&["access", "key"], SECRET),
    (&["sort", "code"], SECRET),
    (&["sas", "url"], SIGNATURE),
    (&["webhook", "url"], SIGNATURE),
    (&["date", "of", "birth"], PERSONAL),
    (&["first", "name"], PERSONAL),
    (&["last", "name"], PERSONAL),
    (&["full", "name"], PERSONAL),
    (&["family", "name"], PERSONAL),
    (&["given", "name"], PERSONAL),
    (&["middle", "name"], PERSONAL),
    (&["maiden", "name"], PERSONAL),
    (&["birth", "date"], PERSONAL),
    (&["zip", "code"], PERSONAL),
    (&["postal", "code"], PERSONAL),
    (&["home", "address"], PERSONAL),
    (&["postal", "address"], PERSONAL),
];

/// With what a word that is written together with others ends, if it says the same.
pub(super) const ENDINGS: &[(&str, u32)] = &[
    ("password", PASSWORD),
    ("passwords", PASSWORD | PLURAL),
    ("passwd", PASSWORD),
    ("passphrase", PASSWORD),
    ("passcode", PASSWORD),
    ("pwd", PASSWORD),
    ("passwort", PASSWORD),
    ("kennwort", PASSWORD),
    ("secret", SECRET),
    ("secrets", SECRET | PLURAL),
    ("token", TOKEN),
    ("tokens", TOKEN | PLURAL),
    ("apikey", SECRET),
    ("secretkey", SECRET),
    ("privatekey", SECRET),
    ("accesskey", SECRET),
    ("authkey", SECRET),
    ("signingkey", SECRET),
    ("encryptionkey", SECRET),
    ("sessionid", SECRET),
    ("sessid", SECRET),
    ("sessionkey", SECRET),
    ("session", SESSION),
    ("credential", SECRET),
    ("credentials", SECRET | PLURAL),
    ("authorization", SECRET | LINE),
    ("cookie", SECRET | LINE),
    ("cardnumber", SECRET),
    ("jwt", SECRET),
    ("cvv", SECRET),
    ("pincode", SECRET),
];

/// With what such a word begins.
pub(super) const BEGINNINGS: &[(&str, u32)] = &[("password", PASSWORD), ("passwd", PASSWORD), ("apikey", SECRET)];
