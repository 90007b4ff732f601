"""The appraisal instruments that ship: their items with ids, judgements, designs and licences."""

from peerreview.synthesis import instrument
from peerreview.synthesis.instrument import Instrument, Item
from tests.reference.pipes import table


def instruments() -> str:
    """Return each instrument under a heading."""
    return "\n\n".join(_told(instrument.shipped(name)) for name in instrument.names()) + "\n"


def _told(one: Instrument) -> str:
    words = [
        f"`{each.judgement}`" + (f" (also {', '.join(each.aliases)})" if each.aliases else "")
        for each in one.judgements
    ]
    told = [f"## `{one.name}`", one.title + ".", f"- Source: {one.reference or one.source}"]
    told[-1] += f"\n- Licence of its wording: {one.licence or 'none stated'}" if one.licence else ""
    told[-1] += f"\n- Judgements: {'; '.join(words)}"
    if one.signs:
        drawn = [
            f"{each.by}: " + ", ".join(f"`{sign}` {word or 'none'}" for sign, word in each.means.items())
            for each in one.signs
        ]
        told[-1] += f"\n- Signs: {'; '.join(drawn)}"
    if one.letters:
        form = (
            f"{item} {' '.join(letter + '*' * points for letter, points in each.items())}"
            for item, each in one.letters.items()
        )
        told[-1] += f"\n- Letters of the form, with their stars: `{'; '.join(form)}`"
    if one.unit:
        told[-1] += f"\n- Counted: {one.unit}, {sum(map(one.most, one.items))} in all"
    told[-1] += f"\n- Note: {one.advice}" if one.advice else ""
    if one.overall:
        told[-1] += f"\n- Overall judgement: rule `{one.overall.rule}` ({one.overall.source})"
    if one.designs:
        of = "; ".join(f"{each.design} ({', '.join((*each.sets, *each.one_of))})" for each in one.designs)
        told[-1] += f"\n- Designs, with the sets that each is judged on: {of}"
    rows = [
        (f"`{each.item}`", each.text, one.sets.get(each.set, each.set), _answers(each)) for each in one.items
    ]
    told.append(table(("item", "label", "set", "answers"), rows))
    return "\n\n".join(told)


def _answers(item: Item) -> str:
    said = "in words" if item.free else ", ".join(item.answers) or "all"
    return f"{said}; optional" if item.optional else said
