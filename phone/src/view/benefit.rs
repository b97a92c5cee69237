//! What is left of what the card pays for, as its screen shows it.

use serde::Serialize;
use ts_rs::TS;

/// What the card pays for.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BenefitsView {
    /// The day of these figures, `AAAA-MM-JJ`; null when the Region has not told any yet.
    pub on: Option<String>,
    /// Benefit by benefit.
    pub balances: Vec<BalanceView>,
}

/// What is left of a benefit.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BalanceView {
    /// Its code.
    pub benefit: String,
    /// What students call it.
    pub label: String,
    /// What there was to spend, in cents; null where nobody said it.
    pub granted_cents: Option<i64>,
    /// What was spent, in cents.
    pub spent_cents: i64,
    /// What is left, in cents; null where nobody said what there was.
    pub left_cents: Option<i64>,
}
