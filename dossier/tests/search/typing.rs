//! How people type the name of a school: whole, short, begun, with a slip, in any order.

use dossier::reference::School;

/// One way to look for a school; it answers `None` where this school cannot be looked for so.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) types_town: bool,
    pub(crate) typed: fn(&School, &mut Chance) -> Option<String>,
}

impl Family {
    /// What would have been typed with every letter and space in its place.
    pub(crate) fn without_slips(&self, school: &School) -> String {
        if self.types_town { with_town(&text(school), school) } else { text(school) }
    }
}

const fn named(name: &'static str, typed: fn(&School, &mut Chance) -> Option<String>) -> Family {
    Family { name, types_town: false, typed }
}

const fn in_town(name: &'static str, typed: fn(&School, &mut Chance) -> Option<String>) -> Family {
    Family { name, types_town: true, typed }
}

pub(crate) const FAMILIES: &[Family] = &[
    named("the whole name", |school, _| Some(school.name.clone())),
    named("lycée and the bare name", |school, _| Some(format!("lycée {}", text(school)))),
    named("the bare name in capitals", |school, _| Some(text(school).to_uppercase())),
    named("a slip in the whole name", |school, chance| chance.slip_in(&fold(&school.name))),
    named("a slip in the bare name", |school, chance| chance.slip_in(&bare(school))),
    named("one or two begun words", begun),
    named("the last word begun", |school, chance| {
        let mut words = bare(school);
        let last = words.pop()?;
        words.push(chance.begun(&last, 3, last.len().max(3)));
        Some(words.join(" "))
    }),
    named("a short kind and the name", short_kind),
    named("two words typed together", |school, _| {
        let words = bare(school);
        let [first, second, rest @ ..] = &words[..] else { return None };
        Some(format!("{first}{second} {}", rest.join(" ")))
    }),
    named("all words typed together", |school, _| {
        let words = bare(school);
        (words.len() > 1).then(|| words.concat())
    }),
    named("the UAI", |school, _| Some(school.uai.to_lowercase())),
    in_town("the name and the town", |school, _| Some(with_town(&text(school), school))),
    in_town("the name and the postal code", |school, _| {
        Some(format!("{} {}", text(school), school.postal_code))
    }),
    in_town("any order with the town", |school, chance| {
        let mut words = telling(&fold(&with_town(&text(school), school)));
        chance.shuffle(&mut words);
        Some(words.join(" "))
    }),
    in_town("a slip in the name and the town", |school, chance| {
        Some(with_town(&chance.slip_in(&bare(school))?, school))
    }),
    in_town("a slip in the name and one in the town", |school, chance| {
        let name = chance.slip_in(&bare(school))?;
        Some(format!("{name} {}", chance.slip_in(&fold(&town(school)))?))
    }),
    in_town("a doubled letter and the town", |school, chance| {
        let words = change_longest(school, |long| {
            let (left, right) = long.split_at(1 + chance.below(long.len() - 1));
            let twice = left.chars().next_back().unwrap();
            format!("{left}{twice}{right}")
        });
        Some(with_town(&words?, school))
    }),
    in_town("begun words, the town too", |school, chance| {
        let words = telling(&fold(&with_town(&text(school), school)));
        let begun: Vec<String> = words.iter().map(|word| chance.begun(word, 3, 5)).collect();
        Some(begun.join(" "))
    }),
    in_town("a slip in a begun word and the town", |school, chance| {
        let words = change_longest(school, |long| {
            let begun = chance.begun(long, 5, long.len() - 1);
            chance.slip(&begun)
        });
        Some(with_town(&words?, school))
    }),
    in_town("a short kind, the name and the town", |school, chance| {
        Some(with_town(&short_kind(school, chance)?, school))
    }),
    in_town("st and ste with the town", |school, _| {
        let whole = with_town(&text(school), school);
        let short = whole.replace("sainte", "ste").replace("saint", "st");
        (short != whole).then_some(short)
    }),
    in_town("a space too many and the town", |school, chance| {
        let words = change_longest(school, |long| {
            let (left, right) = long.split_at(3 + chance.below(long.len() - 5));
            format!("{left} {right}")
        });
        Some(with_town(&words?, school))
    }),
];

fn begun(school: &School, chance: &mut Chance) -> Option<String> {
    let words = telling(&bare(school));
    let first = chance.begun(words.first()?, 4, 6);
    let second = words.get(1).map(|word| chance.begun(word, 3, 5));
    Some(format!("{first} {}", second.unwrap_or_default()))
}

fn short_kind(school: &School, _: &mut Chance) -> Option<String> {
    let short = match school.category.as_str() {
        "LT" => "lot",
        kind @ ("LP" | "LPO" | "LGT" | "LG" | "SEP" | "SGT" | "MFR" | "CFA") => kind,
        _ => return None,
    };
    Some(format!("{} {}", short.to_lowercase(), text(school)))
}

// ── the words of a school, folded apart from the code that is tested ────────────────────────

const EMPTY: &str = "a au aux d de des du en et l la le les sur";
const KINDS: &str = "lycee general generale technologique professionnel professionnelle polyvalent \
    prive privee agricole enseignement section maison familiale rurale organisme formation centre \
    apprentis ecole etablissement regional adapte lp";

pub(crate) fn fold(text: &str) -> Vec<String> {
    let plain = |letter| match letter {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ÿ' => 'y',
        other => other,
    };
    let plain: String = text.to_lowercase().replace('œ', "oe").chars().map(plain).collect();
    let words = plain.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Without `de` and `la`, unless there is nothing else.
pub(crate) fn telling(words: &[String]) -> Vec<String> {
    let telling = words.iter().filter(|word| !is_one_of(EMPTY, word));
    let telling: Vec<String> = telling.cloned().collect();
    if telling.is_empty() { words.to_vec() } else { telling }
}

/// As people say it: Lyon, whatever the arrondissement.
pub(crate) fn town(school: &School) -> String {
    let words = fold(&school.town);
    if words[0] == "lyon" { "lyon".to_owned() } else { words.join(" ") }
}

/// The name after the words that only say which kind of school it is, if it begins with such.
fn bare(school: &School) -> Vec<String> {
    let words = fold(&school.name);
    if !is_one_of(KINDS, &words[0]) {
        return words;
    }
    let says_kind = |word: &&String| is_one_of(KINDS, word) || is_one_of(EMPTY, word);
    let bare: Vec<String> = words.iter().skip_while(says_kind).cloned().collect();
    if bare.is_empty() { words } else { bare }
}

fn text(school: &School) -> String {
    bare(school).join(" ")
}

fn with_town(typed: &str, school: &School) -> String {
    format!("{typed} {}", town(school))
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|it| it == word)
}

/// The bare name with its longest word changed, when that has six plain letters or more.
fn change_longest(school: &School, change: impl FnOnce(&str) -> String) -> Option<String> {
    let mut words = telling(&bare(school));
    let longest = words.iter_mut().max_by_key(|word| word.len())?;
    if longest.len() < 6 || !longest.is_ascii() {
        return None;
    }
    *longest = change(longest);
    Some(words.join(" "))
}

/// `SplitMix64`: the same searches on every machine.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: usize) -> Self {
        Self(seed as u64)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).unwrap()
    }

    fn letter(&mut self) -> char {
        char::from(b"abcdefghijklmnopqrstuvwxyz"[self.below(26)])
    }

    /// One slip: a letter left out, put in, replaced or swapped with the next.
    fn slip(&mut self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = self.below(letters.len());
        match self.below(4) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, self.letter()),
            2 => letters[at] = self.letter(),
            _ => {
                let at = self.below(letters.len() - 1);
                letters.swap(at, at + 1);
            }
        }
        letters.into_iter().collect()
    }

    /// A slip in one of the words that are long enough to be known again.
    fn slip_in(&mut self, words: &[String]) -> Option<String> {
        let is_long = |word: &str| word.len() > 3 && word.bytes().all(|it| it.is_ascii_lowercase());
        let long: Vec<usize> = (0..words.len()).filter(|at| is_long(&words[*at])).collect();
        let chosen = *long.get(self.below(long.len()))?;
        let mut words = words.to_vec();
        words[chosen] = self.slip(&words[chosen]);
        Some(words.join(" "))
    }

    fn begun(&mut self, word: &str, least: usize, most: usize) -> String {
        word.chars().take(least + self.below(most - least + 1)).collect()
    }

    fn shuffle(&mut self, words: &mut [String]) {
        for at in (1..words.len()).rev() {
            words.swap(at, self.below(at + 1));
        }
    }
}
