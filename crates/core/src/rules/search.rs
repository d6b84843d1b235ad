use super::{
    index::{Index, Node},
    interior::{Interior, Tail},
    matcher::MAX_PATTERNS,
    segment_map::SegmentMap,
    text::{Segments, Text},
    token,
};

/// One look-up: it goes through the index depth first, and leaves out what cannot be better than what it has.
///
/// A node is met at most once, since all of its tokens stand for one segment each.
pub(super) struct Search<'a> {
    index: &'a Index,
    method: Option<u32>,
    /// The first rule that matches, of those met.
    best: u32,
}

impl<'a> Search<'a> {
    /// A search for what comes before the rule `best`.
    pub(super) fn new(index: &'a Index, method: Option<u32>, best: u32) -> Self {
        Self { index, method, best }
    }

    pub(super) fn run(mut self, segments: Segments<'_>) -> u32 {
        self.visit(0, segments);
        self.best
    }

    /// It calls itself as deep as patterns have segments, whatever the path has.
    fn visit(&mut self, node: u32, mut segments: Segments<'_>) {
        let node = &self.index.nodes[node as usize];
        if node.min >= self.best {
            return;
        }
        self.offer(node.deep_ends.first(self.method));
        let here = segments.clone();
        let Some(segment) = segments.next() else { return self.offer(node.ends.first(self.method)) };
        self.visit_children(node, segment, &segments);
        if let Some(first) = node.catch_alls.first(self.method)
            && token::Subject::is_caught(&here)
        {
            self.offer(Some(first));
        }
        if let Some(interior) = &node.interior {
            self.visit_interior(interior, &here);
        }
    }

    fn visit_children(&mut self, node: &Node, segment: Text<'_>, rest: &Segments<'_>) {
        node.children.for_each(segment, |child| self.visit(child, rest.clone()));
        if let Some(child) = node.any
            && token::Token::Any.matches(segment)
        {
            self.visit(child, rest.clone());
        }
        if let Some(child) = node.parameter
            && token::Token::Parameter.matches(segment)
        {
            self.visit(child, rest.clone());
        }
    }

    fn visit_interior(&mut self, interior: &Interior, segments: &Segments<'_>) {
        if interior.min >= self.best {
            return;
        }
        for (skip, map) in &interior.from_end {
            if let Some(segment) = segments.nth_last(*skip) {
                map.for_each(segment, |list| self.try_list(list, segments));
            }
        }
        if let Some(map) = &interior.anywhere {
            self.try_anywhere(map, segments);
        }
        self.try_tails(&interior.others, segments);
    }

    /// Apart from the others, whose frame it would make a large one.
    #[inline(never)]
    fn try_anywhere(&mut self, map: &SegmentMap, segments: &Segments<'_>) {
        // The same segment may come again and again: which lists have been tried?
        let mut tried = [0_u64; MAX_PATTERNS.div_ceil(64)];
        for segment in segments.clone() {
            map.for_each(segment, |list| {
                let (word, bit) = (&mut tried[list as usize / 64], 1 << (list % 64));
                if *word & bit == 0 {
                    *word |= bit;
                    self.try_list(list, segments);
                }
            });
        }
    }

    fn try_list(&mut self, list: u32, segments: &Segments<'_>) {
        self.try_tails(&self.index.lists[list as usize], segments);
    }

    fn try_tails(&mut self, tails: &[Tail], segments: &Segments<'_>) {
        for Tail { rule, tokens } in tails {
            if rule.index >= self.best {
                return;
            }
            if rule.allows(self.method) && token::matches(tokens, segments.clone()) {
                self.best = rule.index;
            }
        }
    }

    fn offer(&mut self, rule: Option<u32>) {
        self.best = rule.map_or(self.best, |rule| self.best.min(rule));
    }
}
