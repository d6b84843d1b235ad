//! What is known of each series: only ever added to, and read without a lock.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

/// A map that grows up to a size, and forgets nothing.
///
/// It is a trie over the keys' hashes, two bits at a step, with an entry in each node: so an entry stays where it is, and is
/// borrowed for as long as the table lives. Threads that add at once take the next free place.
pub(crate) struct Table<K, V> {
    root: Link<K, V>,
    len: AtomicUsize,
    max: usize,
}

type Link<K, V> = OnceLock<Box<Node<K, V>>>;

struct Node<K, V> {
    hash: u64,
    key: K,
    value: V,
    next: [Link<K, V>; 4],
}

impl<K, V> Table<K, V> {
    /// A table for up to `max` entries.
    pub(crate) fn new(max: usize) -> Self {
        Self { root: OnceLock::new(), len: AtomicUsize::new(0), max }
    }

    fn find(&self, hash: u64, same: impl Fn(&K) -> bool) -> Option<&V> {
        let (mut link, mut rest) = (&self.root, hash);
        while let Some(node) = link.get() {
            if node.hash == hash && same(&node.key) {
                return Some(&node.value);
            }
            link = &node.next[next(&mut rest)];
        }
        None
    }

    /// The value of the key with this hash that is the same, which is made if there is none. `None` if the table is full.
    pub(crate) fn find_or_insert(
        &self,
        hash: u64,
        same: impl Fn(&K) -> bool,
        make: impl FnOnce() -> (K, V),
    ) -> Option<&V> {
        self.find(hash, &same).or_else(|| self.insert(hash, same, make))
    }

    fn insert(&self, hash: u64, same: impl Fn(&K) -> bool, make: impl FnOnce() -> (K, V)) -> Option<&V> {
        let more = |len| (len < self.max).then_some(len + 1);
        if self.len.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_err() {
            return self.find(hash, same);
        }
        let (key, value) = make();
        let mut new = Box::new(Node { hash, key, value, next: [const { OnceLock::new() }; 4] });
        let (mut link, mut rest) = (&self.root, hash);
        loop {
            if let Some(node) = link.get() {
                if node.hash == hash && same(&node.key) {
                    self.len.fetch_sub(1, Ordering::Relaxed);
                    return Some(&node.value);
                }
                link = &node.next[next(&mut rest)];
            } else {
                match link.set(new) {
                    Ok(()) => return link.get().map(|node| &node.value),
                    Err(lost) => new = lost,
                }
            }
        }
    }
}

/// The two topmost bits of what is left of a hash.
fn next(rest: &mut u64) -> usize {
    let index = (*rest >> 62) as usize;
    *rest <<= 2;
    index
}
