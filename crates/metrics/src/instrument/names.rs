//! What may be a metric's and a label's name. In constants, for then a bad one does not compile.

pub(super) const fn check(metric: &str, labels: &[&str]) {
    assert!(is_name(metric), "a metric's name is of letters, digits and underscores, and does not begin with a digit");
    let mut at = 0;
    while at < labels.len() {
        assert!(is_label(labels[at]), "a label's name is of letters, digits and underscores, and none that is taken");
        at += 1;
    }
}

const fn is_label(name: &str) -> bool {
    let taken = same(name, "error_type") || same(name, "le") || same(name, "quantile");
    let bytes = name.as_bytes();
    is_name(name) && !taken && !(bytes.len() > 1 && bytes[0] == b'_' && bytes[1] == b'_')
}

const fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !(bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
            return false;
        }
        at += 1;
    }
    !bytes.is_empty() && !bytes[0].is_ascii_digit()
}

const fn same(one: &str, two: &str) -> bool {
    let (one, two) = (one.as_bytes(), two.as_bytes());
    let mut at = 0;
    while at < one.len() && at < two.len() {
        if one[at] != two[at] {
            return false;
        }
        at += 1;
    }
    one.len() == two.len()
}
