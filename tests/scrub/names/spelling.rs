/// How the words of a name are written together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spelling {
    Snake,
    Kebab,
    Camel,
    Pascal,
    Upper,
    Dotted,
    Header,
}

impl Spelling {
    pub(crate) const ALL: [Self; 7] =
        [Self::Snake, Self::Kebab, Self::Camel, Self::Pascal, Self::Upper, Self::Dotted, Self::Header];

    /// Of a name in snake case.
    pub(crate) fn of(self, name: &str) -> String {
        match self {
            Self::Snake => name.to_owned(),
            Self::Kebab => name.replace('_', "-"),
            Self::Upper => name.to_uppercase(),
            Self::Dotted => name.replace('_', "."),
            Self::Header => capitals(name, "-"),
            Self::Pascal => capitals(name, ""),
            Self::Camel => {
                let pascal = capitals(name, "");
                pascal[..1].to_lowercase() + &pascal[1..]
            }
        }
    }
}

fn capitals(name: &str, between: &str) -> String {
    name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<Vec<_>>().join(between)
}
