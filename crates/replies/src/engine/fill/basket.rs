//! Products with their quantities, and the basket.

use minijinja::Value;

use super::{
    super::{
        bot::Thing,
        state::{BasketLine, Value as Filling},
        talk::Talk,
    },
    Fill,
};
use crate::{
    Amount, Product,
    pack::SlotKind,
    understand::{Token, numbers, vocabulary, vocabulary::Command},
};

/// Lines of a basket.
const BASKET_MOST: usize = 30;
/// How many of one product may be ordered.
const QUANTITY_MOST: Amount = Amount::whole(999);

impl<'a> Talk<'a> {
    pub(super) fn fill_product(&mut self, slot: &str, words: &[Token], listed: Option<String>) -> Fill {
        let vocabulary = vocabulary();
        let empty = self.state.running.as_ref().is_none_or(|running| running.basket.is_empty());
        if vocabulary.is(Command::Done, words, 1) || !empty && vocabulary.is(Command::No, words, 1) {
            if empty {
                self.part(&["basket_empty"], &[]);
                self.asked = true;
                return Fill::Refused;
            }
            self.set(slot, Filling::Basket);
            return Fill::Done;
        }
        if vocabulary.is(Command::More, words, 1) {
            return self.turn_page();
        }
        let about = self.state.running.as_mut().and_then(|running| running.about.take());
        if let Some(code) = about
            && let Some(counted) = numbers::quantities(words, &[]).first()
            && words.len() <= 3
            && self.products_in(words).is_empty()
        {
            return self.add(&code, Some(counted.quantity));
        }
        if let Some(code) = listed {
            return self.add(&code, None);
        }
        let removes = vocabulary.find(Command::Remove, words).is_some();
        let found = self.products_in(words);
        if removes && let Some((codes, ..)) = found.first() {
            return self.remove(codes);
        }
        if found.is_empty() { Fill::Not } else { self.take_products(&found) }
    }

    /// Products that the words name, each with those it may be and its quantity.
    pub(in crate::engine) fn products_in(&self, words: &[Token]) -> Vec<(Vec<String>, Option<Amount>)> {
        let mut groups: Vec<(Vec<usize>, usize, usize)> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let hits = self.bot.things.at(words, at);
            let places: Vec<usize> = hits
                .iter()
                .filter_map(|hit| if let Thing::Product(place) = hit.target { Some(place) } else { None })
                .collect();
            let length = hits.first().map_or(1, |hit| hit.words);
            if !places.is_empty() {
                let next = groups.last_mut().filter(|(_, _, end)| *end + 1 >= at);
                let both = next.as_ref().map(|(known, ..)| {
                    known.iter().filter(|place| places.contains(place)).copied().collect::<Vec<_>>()
                });
                match (next, both) {
                    (Some(group), Some(both)) if !both.is_empty() => (group.0, group.2) = (both, at + length),
                    _ => groups.push((places, at, at + length)),
                }
            }
            at += length;
        }
        let mut used = vec![false; words.len()];
        for (_, from, to) in &groups {
            used.iter_mut().take(*to).skip(*from).for_each(|used| *used = true);
        }
        let counted = numbers::quantities(words, &used);
        let before =
            counted.first().zip(groups.first()).is_some_and(|(counted, (_, from, _))| counted.at < *from);
        let catalogue = &self.bot.profile().catalogue;
        let of = |index: usize, from: usize, to: usize| {
            let quantity = counted.iter().find(|counted| {
                if before {
                    let after =
                        index.checked_sub(1).and_then(|last| groups.get(last)).map_or(0, |(_, _, end)| *end);
                    counted.at >= after && counted.at < from
                } else {
                    let next = groups.get(index + 1).map_or(usize::MAX, |(_, from, _)| *from);
                    counted.at >= to && counted.at < next
                }
            });
            quantity.map(|counted| counted.quantity)
        };
        let groups = groups.iter().enumerate();
        groups
            .map(|(index, (places, from, to))| {
                let codes = places
                    .iter()
                    .filter_map(|place| catalogue.get(*place))
                    .map(|product| product.code.clone());
                (codes.collect(), of(index, *from, *to))
            })
            .collect()
    }

    pub(super) fn take_products(&mut self, found: &[(Vec<String>, Option<Amount>)]) -> Fill {
        let mut filled = Fill::Not;
        for (codes, quantity) in found {
            filled = match codes.as_slice() {
                [code] => self.add(code, *quantity),
                codes => {
                    let entries = self.entries(crate::pack::List::Products);
                    let entries: Vec<_> =
                        entries.into_iter().filter(|(code, _)| codes.contains(code)).collect();
                    let vars = self.page(entries, 0, true);
                    self.part(&["product_which"], &vars);
                    self.asked = true;
                    Fill::Refused
                }
            };
        }
        filled
    }

    pub(super) fn unknown_product(&mut self, text: &str) {
        let said: String = text.trim().chars().filter(|c| !c.is_control()).take(40).collect();
        let misses = self.state.running.as_mut().map(|running| {
            running.misses = running.misses.saturating_add(1);
            running.misses
        });
        if misses == Some(1) {
            self.part(&["product_unknown"], &[("text", Value::from(said))]);
            self.asked = true;
        } else {
            self.miss();
        }
    }

    /// Puts a product into the basket.
    pub(super) fn add(&mut self, code: &str, quantity: Option<Amount>) -> Fill {
        let Some(product) = self.bot.profile().product(code) else { return Fill::Not };
        let name = ("product", Value::from(self.bot.product_name(product)));
        let wanted = quantity.unwrap_or(Amount::ONE);
        let ask = |talk: &mut Self, key: &str, vars: &[(&'static str, Value)]| {
            talk.part(&[key], vars);
            talk.asked = true;
            if let Some(running) = &mut talk.state.running {
                running.about = Some(code.to_owned());
            }
            Fill::Refused
        };
        if wanted == Amount::NONE || wanted > QUANTITY_MOST {
            return ask(self, "product_range", &[name]);
        }
        if !wanted.is_whole() && !product.parts {
            return ask(self, "product_whole", &[name]);
        }
        let left = self.left(product);
        if left == Amount::NONE {
            self.part(&["product_sold_out"], &[name]);
            return Fill::Refused;
        }
        if wanted > left {
            let left = ("left", Value::from(super::quantity(left)));
            return ask(self, "product_few", &[name, left]);
        }
        if let Some(running) = &mut self.state.running {
            let room = running.basket.len() < BASKET_MOST;
            match running.basket.iter_mut().find(|line| line.code == code) {
                Some(line) => line.quantity = wanted,
                // A number that follows says how many.
                None if room => running.basket.push(BasketLine { code: code.to_owned(), quantity: wanted }),
                None => {}
            }
            running.about = Some(code.to_owned());
        }
        Fill::Done
    }

    pub(super) fn remove(&mut self, codes: &[String]) -> Fill {
        let name = codes
            .first()
            .and_then(|code| self.bot.profile().product(code))
            .map(|product| self.bot.product_name(product));
        if let Some(running) = &mut self.state.running {
            running.basket.retain(|line| !codes.contains(&line.code));
        }
        self.part(&["product_removed"], &[("product", Value::from(name.unwrap_or_default()))]);
        Fill::Done
    }

    /// Fills a flow's service or product by its code.
    pub(in crate::engine) fn take_code(&mut self, code: &str) {
        let Some(running) = &self.state.running else { return };
        let Some(flow) = self.pack.flow(&running.flow) else { return };
        for slot in &flow.slots {
            match slot.kind {
                SlotKind::Service => {
                    self.take_service(&slot.name, code);
                }
                SlotKind::Product => {
                    self.add(code, None);
                }
                _ => {}
            }
        }
    }

    /// What of the basket is still to be had; says what is not.
    pub(in crate::engine) fn settle_basket(&mut self) {
        let Some(running) = &self.state.running else { return };
        let gone: Vec<BasketLine> = running
            .basket
            .iter()
            .filter(|line| {
                let product = self.bot.profile().product(&line.code);
                product.is_none_or(|product| self.left(product) < line.quantity)
            })
            .cloned()
            .collect();
        for line in gone {
            let product: Option<&Product> =
                self.bot.profile().catalogue.iter().find(|product| product.code == line.code);
            let name = Value::from(
                product.map_or_else(|| line.code.clone(), |product| self.bot.product_name(product)),
            );
            let left =
                product.filter(|product| product.on).map_or(Amount::NONE, |product| self.left(product));
            let key = if product.is_some_and(|product| product.on) {
                if left == Amount::NONE { "product_sold_out" } else { "product_few" }
            } else {
                "product_gone"
            };
            self.part(&[key], &[("product", name), ("left", Value::from(super::quantity(left)))]);
            let asks = key == "product_few";
            if let Some(running) = &mut self.state.running {
                running.basket.retain(|known| known.code != line.code);
                running.filled.retain(|filled| !matches!(filled.value, Filling::Basket | Filling::Yes));
                running.about = if asks {
                    Some(line.code.clone())
                } else {
                    running.basket.last().map(|line| line.code.clone())
                };
                running.asking = String::new();
            }
            self.asked |= asks;
        }
    }
}
