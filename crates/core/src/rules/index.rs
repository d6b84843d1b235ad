use std::collections::BTreeMap;

use hashbrown::HashMap;
use http::Method;
use regex::Regex;
use rustc_hash::FxBuildHasher;

use super::{
    EndpointPattern,
    exact::Exact,
    interior::{Interior, Tail},
    parse::Matches,
    segment_map::SegmentMap,
    token::Token,
};

/// The patterns, arranged so that a look-up meets few of them.
pub(super) struct Index {
    pub(super) exact: Exact,
    /// A number for each method that a rule names.
    pub(super) methods: HashMap<Method, u32, FxBuildHasher>,
    /// Those that match everything.
    pub(super) everything: Rules,
    /// The first one is the root.
    pub(super) nodes: Vec<Node>,
    /// What interiors tell apart.
    pub(super) lists: Vec<Vec<Tail>>,
    pub(super) regexes: Vec<(Rule, Regex)>,
}

/// What begins with the same tokens.
#[derive(Default)]
pub(super) struct Node {
    /// The first rule here and below.
    pub(super) min: u32,
    /// Those that end here.
    pub(super) ends: Rules,
    /// Those that end with a `**` here.
    pub(super) deep_ends: Rules,
    /// Those that end with a `{*name}` here.
    pub(super) catch_alls: Rules,
    pub(super) interior: Option<Box<Interior>>,
    pub(super) any: Option<u32>,
    pub(super) parameter: Option<u32>,
    pub(super) children: SegmentMap,
}

/// A rule's place in the order, and its method's number.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) index: u32,
    method: Option<u32>,
}

/// In their order.
#[derive(Default)]
pub(super) struct Rules(Vec<Rule>);

impl Index {
    pub(super) fn new(patterns: &[EndpointPattern]) -> Self {
        let mut index = Self {
            exact: Exact::default(),
            methods: HashMap::default(),
            everything: Rules::default(),
            nodes: vec![Node { min: u32::MAX, ..Node::default() }],
            lists: Vec::new(),
            regexes: Vec::new(),
        };
        let mut interiors: BTreeMap<usize, Vec<Tail>> = BTreeMap::new();
        for (at, pattern) in patterns.iter().enumerate() {
            let rule = Rule { index: number(at), method: pattern.method().map(|method| index.method(method)) };
            match pattern.matches() {
                Matches::Everything => index.everything.0.push(rule),
                Matches::Regex(regex) => index.regexes.push((rule, regex.clone())),
                Matches::Segments(tokens) => {
                    let (node, rest) = index.descend(rule, tokens);
                    match rest {
                        [] => index.nodes[node].ends.0.push(rule),
                        [Token::Deep] => index.nodes[node].deep_ends.0.push(rule),
                        [Token::CatchAll] => index.nodes[node].catch_alls.0.push(rule),
                        _ => interiors.entry(node).or_default().push(Tail { rule, tokens: rest.into() }),
                    }
                }
            }
        }
        for (node, tails) in interiors {
            index.nodes[node].interior = Some(Box::new(Interior::new(tails, &mut index.lists)));
        }
        index
    }

    fn method(&mut self, method: &Method) -> u32 {
        let next = number(self.methods.len());
        *self.methods.entry(method.clone()).or_insert(next)
    }

    /// The node of the tokens before the first run of segments, which it makes if there is none, and the others.
    fn descend<'a>(&mut self, rule: Rule, tokens: &'a [Token]) -> (usize, &'a [Token]) {
        let mut at = 0;
        for (passed, token) in tokens.iter().enumerate() {
            self.nodes[at].min = self.nodes[at].min.min(rule.index);
            let next = number(self.nodes.len());
            let node = &mut self.nodes[at];
            let child = match token {
                Token::Any => Some(*node.any.get_or_insert(next)),
                Token::Parameter => Some(*node.parameter.get_or_insert(next)),
                token => node.children.get_or_insert(token, next),
            };
            let Some(child) = child else { return (at, &tokens[passed..]) };
            if child == next {
                self.nodes.push(Node { min: rule.index, ..Node::default() });
            }
            at = child as usize;
        }
        self.nodes[at].min = self.nodes[at].min.min(rule.index);
        (at, &[])
    }
}

impl Rule {
    /// Whether it is for a request with the method of this number.
    #[inline]
    pub(super) fn allows(self, method: Option<u32>) -> bool {
        self.method.is_none() || self.method == method
    }
}

impl Rules {
    /// The first one that is for a request with the method of this number.
    #[inline]
    pub(super) fn first(&self, method: Option<u32>) -> Option<u32> {
        self.0.iter().find(|rule| rule.allows(method)).map(|rule| rule.index)
    }
}

/// A pattern has at most as many tokens as bytes, and there are not that many patterns.
fn number(at: usize) -> u32 {
    u32::try_from(at).expect("there are fewer than 2^32 rules, nodes and methods")
}
