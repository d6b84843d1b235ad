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
        "adgangskode contrasena contrasenya contraseña haslo hasło heslo jelszo jelszó kennwort losenord lozinka \
         lösenord motdepasse parola parool passcode passord passphrase passw passwd password passwort passwrd psw \
         pswd pw pwd pword salasana senha sifra sifre wachtwoord şifre пароли пароль パスワード 口令 密码 密碼 비밀번호",
    ),
    (PASSWORD | PLURAL, "contraseñas passcodes passphrases passwds passwords passwörter pwds senhas"),
    (
        SECRET,
        "accesskey accesstoken accountnumber apikey apitoken assertion authkey authtoken backupcode bearer \
         bearertoken cardno cardnumber ccnum ccnumber cert certificate clientsecret connectionstring connstr cred \
         credential creditcard crypt csc csrf csrfmiddlewaretoken csrftoken cvc cvn cvv encryptionkey geheimnis \
         hotp htpasswd iban idtoken jsessionid jwt kubeconfig magiclink masterkey mnemonic netrc oauthtoken otp \
         otpauth pgpass pgpassword phpsessid pin pincode privatekey psk refreshtoken rootpw routingnumber salt \
         samlrequest samlresponse sastoken secret secretkey secreto securitycode seedphrase sessid sessionid \
         sessiontoken sid signature signingkey socialsecurity sshkey ssn stripetoken symfony totp twofactor \
         usertoken vcap verificationcode webtoken xsrf xsrftoken",
    ),
    (SECRET | PLURAL, "apikeys credentials creds ibans jwts otps pins secrets ssns"),
    (SECRET | LINE, "authorisation authorization cookie proxyauthorization setcookie"),
    (SECRET | LINE | PLURAL, "cookies"),
    (TOKEN, "jeton tok token"),
    (TOKEN | PLURAL, "tokens"),
    (SESSION, "sess session"),
    (SESSION | PLURAL, "sessions"),
    (KEY, "clave key schlüssel"),
    (KEY | PLURAL, "keys"),
    (AUTH, "auth authentication authenticator authn oauth xauth"),
    (CODE, "code"),
    (CODE | PLURAL, "codes"),
    (CARD, "card cc ccard creditcards"),
    (NUMBER, "no nr num number numero nummer"),
    (PASS, "pass"),
    (SIGNATURE, "hmac nonce sig verifier"),
    (
        OF_KEY,
        "access account activation admin aes algolia anthropic api app application auth aws azure backup bot cipher \
         client cloudflare cohere consumer cookie crypto datadog decrypt decryption deploy des dsa ecdsa ed25519 \
         encrypt encryption firebase functions gcp gemini github gitlab google gpg groq hash heroku hmac host \
         integration jwt kms ledger licence license login mailchimp mailgun maps master mistral newrelic oauth \
         openai pairing passphrase password pat pgp preshared private provisioning psk rapidapi read recovery \
         registration root rsa sas secret secure security seed sendgrid sentry server service session shared sign \
         signer signing slack ssh ssl storage stripe subscription symmetric tls token twilio unlock user vapid \
         wallet webhook wep wifi wpa write",
    ),
    (
        OF_CODE,
        "access activation auth authentication authorization backup card confirm confirmation device fa factor \
         invite login mfa oauth otp passcode pin recovery reset security sms tfa time totp twofactor unlock \
         verification verify",
    ),
    (
        OF_NUMBER,
        "aba account acct bank card cc checking credit debit iban identity insurance licence license medicare \
         national nhs pan passport routing savings security social sort ssn swift tax",
    ),
    (
        OF_PASS,
        "admin amqp app auth basic cert client confirm current database db default docker email ftp http imap jdbc \
         key keystore ldap login mail mongo mqtt my mysql new old pem pg postgres postgresql proxy rabbitmq redis \
         registry root rpc server sftp smtp sql ssh ssl sudo temp tls truststore user usr vpn web wifi",
    ),
    (
        HOLDER,
        "again b64 base64 bearer body code confirm confirmation content cookie current data encoded encrypted hash \
         header headers hex id info jwt key keys new old param payload plain plaintext previous raw repeat secret \
         str string temp temporary txt val value values",
    ),
    (
        ABOUT,
        "accepted age alg algo algorithm allowed arn at attempt attempts audience avg backend backends banner \
         budget budgeted budgets button bytes cache changed characters chars column columns component config \
         configuration consent consumed context controller cost count counter counts created date datetime day days \
         description dialog dir directory disabled domain domains driver duration enabled end ended ending endpoint \
         endpoints error errors estimate estimated event events exp expiration expire expired expires expiry \
         factory failure failures field fields file filter flow folder form format found generated generator grant \
         group groups guard handler handlers help hidden hint host hosts hours httponly icon index input \
         interceptor interval invalid issued issuer kind kinds label labels latency len length level lexer limit \
         limits link links location manager max mean message messages method methods metrics middleware min minutes \
         modal mode modified module month ms name names on option optional options page parser path paths pattern \
         per permission permissions placeholder plugin policies policy pool port position prefix price processed \
         provider providers rate ratio reader ref regex region remaining request requests required response \
         responses retries retry role roles rotated route routes row rows rule rules samesite saved scheme schemes \
         scope scopes score screen seconds secs secure service services setting settings show size sizes spec spent \
         start started state stats status storage store strategy stream strength supported tab table test tests \
         time timeout timestamp title toggle total totals tracker tracking tries ttl type types updated uri uris \
         url urls usage usages used valid validation validator validity version versions view visibility visible \
         window writer year",
    ),
    (
        ASKING,
        "allow allows bad can did disable disables enable enables expired forgot has hide invalid is max min \
         missing need needs no num require requires should show skip support supports use uses using was with \
         without wrong",
    ),
    (
        COUNTED,
        "accepted audio avg billed budget cache cached completion consumed context count creation estimated \
         generated image input max min n new num number of output per prediction prompt read reasoning rejected \
         remaining request response special stop text thinking top total unique usage used write",
    ),
    (
        DIGEST,
        "blob checksum commit crc digest etag fingerprint hash image integrity md oid revision sha thumbprint tree",
    ),
    (VERSION, "build release ver version versions"),
    (
        PERSONAL,
        "address birthdate birthday dob email ethnicity familyname fax firstname fullname gender givenname lastname \
         lat latitude lng lon longitude maidenname middlename mobile msisdn nationality nickname passport phone \
         postcode religion street surname telephone username zipcode",
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
