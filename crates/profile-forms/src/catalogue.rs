//! What can be ordered.

use replies::{Amount, Product, Profile, Text};
use web::{Problem, ui::Input};

use super::{
    edit_entry,
    fields::{Entry, Form, Spec, amount, both, joined, list, optional_amount, said, shown, switch, text},
    gone,
};

const NAME: (&str, &str) = ("name_sw", "name_en");
const UNIT: (&str, &str) = ("unit_sw", "unit_en");
const CATEGORY: (&str, &str) = ("category_sw", "category_en");

fn blank() -> Product {
    Product {
        code: String::new(),
        name: Text::default(),
        words: Vec::new(),
        price: Amount::NONE,
        unit: Text::default(),
        parts: false,
        stock: None,
        stock_counted: 0,
        stock_counted_at: None,
        category: Text::default(),
        on: true,
    }
}

pub(super) fn place(profile: &Profile, at: &str) -> Option<usize> {
    profile.catalogue.iter().position(|product| product.code == at)
}

pub(super) fn entries(profile: &Profile) -> Vec<Entry> {
    use words::editing as say;
    let entry = |product: &Product| Entry {
        at: product.code.clone(),
        name: said(&product.name),
        cells: vec![
            (say::price(), product.price.grouped()),
            (say::stock(), shown(product.stock)),
            (words::profile::category(), said(&product.category)),
        ],
        off: !product.on,
    };
    profile.catalogue.iter().map(entry).collect()
}

pub(super) fn specs(profile: &Profile, at: Option<&str>) -> Vec<Spec> {
    use words::editing as say;
    let stands = at.and_then(|at| place(profile, at)).and_then(|place| profile.catalogue.get(place));
    let product = stands.cloned().unwrap_or_else(blank);
    let names = both(NAME, (say::name_sw(), say::name_en()), &Input::TEXT, &product.name);
    let units = both(UNIT, (say::unit_sw(), say::unit_en()), &Input::TEXT, &product.unit);
    let groups = both(CATEGORY, (say::category_sw(), say::category_en()), &Input::TEXT, &product.category);
    let [name_sw, name_en] = names;
    let price = stands.map(|product| product.price);
    let mut specs = vec![
        Spec::line("code", say::code(), &product.code).hint(say::code_hint()).required(),
        name_sw.hint(say::one_enough()),
        name_en,
        Spec::line("price", say::price(), shown(price)).required(),
        Spec::line("stock", say::stock(), shown(product.stock)).hint(say::stock_hint()),
    ];
    if stands.is_some_and(|product| product.stock.is_some()) {
        specs.push(Spec::switch("counted", say::counted(), false));
    }
    specs.extend(groups);
    specs.extend(units);
    specs.extend([
        Spec::switch("parts", say::parts_sold(), product.parts),
        Spec::line("words", say::words(), joined(&product.words)).hint(say::list_hint()),
        Spec::switch("on", say::on(), product.on),
    ]);
    specs
}

pub(super) fn edit(
    profile: &mut Profile,
    at: Option<&str>,
    remove: bool,
    form: &Form,
) -> Result<(), Problem> {
    use words::editing as say;
    let place = at.map(|at| place(profile, at).ok_or_else(gone)).transpose()?;
    edit_entry(&mut profile.catalogue, place, remove, blank, |product| {
        if let Some(code) = form.get("code") {
            product.code = code.trim().to_owned();
        }
        text(form, NAME, &mut product.name);
        if let Some(typed) = form.get("price") {
            product.price = amount("price", say::price(), typed)?;
        }
        optional_amount(form, "stock", say::stock(), &mut product.stock)?;
        let mut anew = false;
        switch(form, "counted", say::counted(), &mut anew)?;
        if anew {
            // Another count than the one that stands; which one it becomes is said when it is saved.
            product.stock_counted = 0;
        }
        text(form, CATEGORY, &mut product.category);
        text(form, UNIT, &mut product.unit);
        switch(form, "parts", say::parts_sold(), &mut product.parts)?;
        list(form, "words", &mut product.words);
        switch(form, "on", say::on(), &mut product.on)?;
        Ok(())
    })
}
