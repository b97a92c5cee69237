//! Whether the result of an import may be published.

use std::collections::{BTreeMap, BTreeSet};

use dossier::reference::{List, Pack, Texts};

use crate::lists::Lists;
use crate::plain;
use crate::report::{FileReport, ListReport, Verdict, Why};

/// What speaks against publishing `after`.
pub(crate) fn against(
    (current, after): (&Texts, &Texts),
    (old, new): (&Lists, &Lists),
    files: &[FileReport],
    lists: &BTreeMap<List, ListReport>,
) -> Vec<Why> {
    let mut why = Vec::new();
    for (list, report) in lists {
        let ListReport { before, after, .. } = *report;
        // Deals and seasons come and go; a list that we invented may give way to a shorter real one.
        let comes_and_goes = matches!(list, List::Deals | List::Benefits | List::DuplicateTerms);
        let may_shrink = comes_and_goes || is_demonstration(current.text(*list));
        if !may_shrink && u64::from(after) * 10 < u64::from(before) * 9 {
            why.push(Why::ListShrinks { list: *list, before, after });
        }
    }
    for file in files {
        let (refused, rows) = (file.refused_rows, file.ours());
        if file.kind.is_none() {
            why.push(Why::UnknownFile { file: file.file.clone() });
        } else if u64::from(refused) * 5 > u64::from(rows) {
            why.push(Why::FileRefused { file: file.file.clone(), refused, rows });
        }
    }
    let departments = |lists: &Lists| -> BTreeSet<String> {
        lists.schools.values().map(|school| school.department.clone()).collect()
    };
    let emptied = departments(old).difference(&departments(new)).cloned().collect::<Vec<_>>();
    why.extend(emptied.into_iter().map(|department| Why::DepartmentEmpty { department }));
    if current.lists != after.lists
        && let Err(refusal) = Pack::read(after)
    {
        why.push(Why::Unreadable { refusal });
    }
    why
}

/// The verdict on lists that changed or not, and on what is known of them.
pub(crate) fn of(current: &Texts, after: &Texts, why: &[Why]) -> Verdict {
    if why.iter().any(Why::is_grave) {
        Verdict::Worse
    } else if current.lists == after.lists {
        Verdict::Same
    } else {
        Verdict::Better
    }
}

/// Whether a list says in its first remark that it was invented.
fn is_demonstration(text: &str) -> bool {
    let remarks = text.lines().take_while(|line| line.starts_with('#'));
    remarks.into_iter().any(|remark| plain::phrase(remark).contains("demonstration"))
}
