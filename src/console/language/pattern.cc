#include "console/language/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/files.h"
#include "base/text.h"
#include "console/language/argument.h"

namespace delstep {
namespace {

/// Capitals are placeholders, other words stand for themselves.
Atom ReadAtom(std::string_view text) {
  const bool placeholder = text.front() >= 'A' && text.front() <= 'Z';
  return {placeholder ? KindOf(text) : ArgumentKind::kLiteral, std::string(text)};
}

/// "[loss P]", "[up|down]", "NODE...", "share".
Element ReadElement(std::string_view text) {
  Element element;
  if (text.starts_with('[')) {
    element.optional = true;
    text = text.substr(1, text.size() - 2);
  }
  if (text.ends_with("...")) {
    element.repeated = true;
    text.remove_suffix(3);
  }
  for (const std::string_view alternative : Split(text, '|')) {
    auto& atoms = element.alternatives.emplace_back();
    for (const std::string_view atom : Split(alternative, ' ')) atoms.push_back(ReadAtom(atom));
  }
  return element;
}

/// "[loss P]": such options may come in any order.
bool IsKeywordOption(const Element& element) {
  return element.optional && element.alternatives.front().front().kind == ArgumentKind::kLiteral;
}

bool Takes(const Atom& atom, const Word& word) {
  if (atom.kind == ArgumentKind::kLiteral) return atom.text == word.text;
  return LooksLike(atom.kind, word);
}

/// No shell has seen the words of a command: `~/x` is still to become a path.
bool IsFile(ArgumentKind kind) {
  return kind == ArgumentKind::kScript || kind == ArgumentKind::kResultsFile ||
         kind == ArgumentKind::kGraphFile || kind == ArgumentKind::kModelFile ||
         kind == ArgumentKind::kCheckpointFile;
}

const std::vector<Atom>* Alternative(const Element& element, const Word& word) {
  for (const auto& atoms : element.alternatives)
    if (Takes(atoms.front(), word)) return &atoms;
  return nullptr;
}

std::string Describe(std::span<const Atom> expected) {
  std::vector<std::string> texts;
  for (const Atom& atom : expected)
    if (std::string text(ShownPlaceholder(atom.text));
        std::ranges::find(texts, text) == texts.end())
      texts.push_back(std::move(text));
  if (texts.size() < 2) return Join(texts, "");
  const std::string last = texts.back();
  texts.pop_back();
  return Join(texts, ", ") + " or " + last;
}

/// "for example: loss 0.1"; empty for other options.
std::string ExampleOf(const Atom& word, const Atom& value) {
  std::string_view example;
  if (value.kind == ArgumentKind::kProbability) example = "0.1";
  if (value.kind == ArgumentKind::kDeviation) example = "0.5";
  if (value.kind == ArgumentKind::kFactor) example = "10";
  if (value.kind == ArgumentKind::kLatency) example = "20ms, or uniform(10ms,50ms)";
  if (value.kind == ArgumentKind::kBandwidth) example = "10Mbps";
  if (example.empty() || word.kind != ArgumentKind::kLiteral) return {};
  return fmt::format("for example: {} {}", word.text, example);
}

class Matcher {
 public:
  Matcher(const std::vector<Element>& elements, std::span<const Word> words, bool needs_option)
      : elements_(elements), words_(words), needs_option_(needs_option), used_(elements.size()) {}

  Fit Run() {
    while (at_ < words_.size()) {
      const std::size_t element = Choose(words_[at_]);
      if (element == elements_.size()) return Unexpected();
      Take(element);
      if (fit_.error) return std::move(fit_);
    }
    Expect();
    const auto missing =
        std::find_if(elements_.begin() + static_cast<std::ptrdiff_t>(next_), elements_.end(),
                     [](const Element& e) { return !e.optional; });
    if (missing != elements_.end() || (needs_option_ && !HasOption())) Missing();
    return std::move(fit_);
  }

 private:
  /// The open elements: those from next_ to the first one that must come, and the last one taken if
  /// it may repeat.
  template <class F>
  void EachOpen(F&& visit) const {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const Element& element = elements_[i];
      const bool again = element.repeated && i + 1 == next_ && used_[i];
      const bool any_order = IsKeywordOption(element) && i < next_ && !used_[i] && SameRun(i);
      // After the next element that must come nothing is open yet.
      if (i < next_ ? again || any_order : true) visit(i);
      if (i >= next_ && !element.optional) return;
    }
  }

  bool HasOption() const {
    for (std::size_t i = 0; i < elements_.size(); ++i)
      if (used_[i] && IsKeywordOption(elements_[i])) return true;
    return false;
  }

  /// Only options lie between the element and the next one.
  bool SameRun(std::size_t i) const {
    return std::all_of(elements_.begin() + static_cast<std::ptrdiff_t>(i),
                       elements_.begin() + static_cast<std::ptrdiff_t>(next_), IsKeywordOption);
  }

  /// Words of the language come first, then quantities, then what takes any word.
  std::size_t Choose(const Word& word) const {
    std::size_t chosen = elements_.size();
    int best = 3;
    EachOpen([&](std::size_t i) {
      const auto* atoms = Alternative(elements_[i], word);
      if (!atoms) return;
      const ArgumentKind kind = atoms->front().kind;
      const int rank = kind == ArgumentKind::kLiteral ? 0 : kind == ArgumentKind::kNodes ? 2 : 1;
      if (rank < best) {
        best = rank;
        chosen = i;
      }
    });
    return chosen;
  }

  void Take(std::size_t element) {
    const auto& atoms = *Alternative(elements_[element], words_[at_]);
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (at_ == words_.size()) {
        fit_.expected = {atoms[i]};
        Missing();
        fit_.error->hint = ExampleOf(atoms.front(), atoms[i]);
        return;
      }
      TakeWord(atoms[i], elements_[element].optional);
      if (fit_.error) return;
    }
    used_[element] = true;
    next_ = std::max(next_, element + 1);
  }

  /// The word as it is meant: `~/x` as a path, `@g` where only a group may stand as its name.
  const Word& Expanded(ArgumentKind kind, const Word& word) {
    if (kind == ArgumentKind::kGroup && word.text.size() > 1 && word.text.front() == '@') {
      Word name = word;
      name.text.erase(0, 1);
      return fit_.arguments.Keep(std::move(name));
    }
    if (!IsFile(kind) || !word.text.starts_with('~')) return word;
    Word expanded = word;
    expanded.text = ExpandHome(word.text);
    return fit_.arguments.Keep(std::move(expanded));
  }

  void TakeWord(const Atom& atom, bool option) {
    const Word& word = Expanded(atom.kind, words_[at_]);
    fit_.matched = at_;
    // The second word of an option such as [by class].
    if (atom.kind == ArgumentKind::kLiteral && atom.text != word.text) {
      fit_.expected = {atom};
      fit_.error = At(word, UsageError(fmt::format("expected {}, not '{}'", atom.text, word.text)));
      return;
    }
    if (atom.kind != ArgumentKind::kLiteral) {
      auto parsed = ParseArgument(atom.kind, word, fit_.arguments.Add(atom.text, word));
      if (!parsed) {
        fit_.error = At(word, std::move(parsed).error());
        // Somebody has written uniform(10ms, 50ms).
        if (const std::string whole = InBrackets();
            atom.kind == ArgumentKind::kLatency && !whole.empty())
          fit_.error->hint = "write it without blanks: " + whole;
        fit_.wrong_value = true;
        fit_.expected = {atom};
        if (atom.kind == ArgumentKind::kNodes) Expect();
        return;
      }
    } else if (option) {
      fit_.arguments.Add(atom.text, word);
    }
    fit_.matched = ++at_;
  }

  /// The words up to the one that closes the bracket of this one, as one; empty if none does.
  std::string InBrackets() const {
    std::string whole;
    for (std::size_t i = at_; i < words_.size(); ++i) {
      whole += words_[i].text;
      if (whole.find('(') == whole.npos) return {};
      if (whole.ends_with(')')) return i > at_ ? whole : std::string();
    }
    return {};
  }

  void Expect() {
    EachOpen([&](std::size_t i) {
      for (const auto& atoms : elements_[i].alternatives) fit_.expected.push_back(atoms.front());
    });
  }

  /// "test local global": of these words one was there already; empty: it is no such case.
  std::string OneOf(const Word& word) const {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const auto* atoms = Alternative(elements_[i], word);
      if (!used_[i] || !IsKeywordOption(elements_[i]) || !atoms) continue;
      std::vector<std::string> names;
      for (const auto& alternative : elements_[i].alternatives)
        names.push_back(alternative.front().text);
      return names.size() == 1 ? std::string()
                               : fmt::format("one of them at most: {}", Join(names, ", "));
    }
    return {};
  }

  Fit Unexpected() {
    Expect();
    const std::string what = Describe(fit_.expected);
    fit_.error =
        At(words_[at_],
           UsageError(what.empty() ? fmt::format("unexpected '{}'", words_[at_].text)
                                   : fmt::format("expected {}, not '{}'", what, words_[at_].text)));
    fit_.error->hint = OneOf(words_[at_]);
    return std::move(fit_);
  }

  void Missing() {
    Word end = words_.back();
    end.column += static_cast<std::uint32_t>(end.text.size() + (end.quoted ? 2 : 0));
    fit_.error = At(end, UsageError(fmt::format("expected {}", Describe(fit_.expected))));
  }

  const std::vector<Element>& elements_;
  std::span<const Word> words_;
  bool needs_option_;
  std::vector<bool> used_;
  std::size_t next_ = 0, at_ = 0;
  Fit fit_;
};

}  // namespace

const Argument* CommandArguments::Find(std::string_view name) const {
  const auto found =
      std::find_if(list_.rbegin(), list_.rend(), [&](const Argument& a) { return a.name == name; });
  return found == list_.rend() ? nullptr : &*found;
}

const Argument* CommandArguments::First(std::string_view name) const {
  const auto found = std::ranges::find(list_, name, &Argument::name);
  return found == list_.end() ? nullptr : &*found;
}

const Word& CommandArguments::WordOf(std::string_view name) const {
  const Argument* argument = Find(name);
  assert(argument);
  return *argument->word;
}

std::vector<Choice> CommandArguments::Choices() const {
  std::vector<Choice> choices;
  for (const Argument& argument : list_)
    if (argument.name == "NODE")
      choices.push_back({std::get<Selector>(argument.value), argument.word});
  return choices;
}

std::string CommandArguments::TextOf(std::string_view name) const {
  std::vector<std::string> words;
  for (const Argument& argument : list_)
    if (argument.name == name) words.push_back(argument.word->text);
  return Join(words, " ");
}

Pattern::Pattern(std::string_view usage) {
  if (usage.ends_with(" !")) {
    needs_option_ = true;
    usage.remove_suffix(2);
  }
  while (!usage.empty()) {
    const std::size_t end = usage.front() == '[' ? usage.find(']') + 1 : usage.find(' ');
    elements_.push_back(ReadElement(usage.substr(0, end)));
    usage = Trim(usage.substr(std::min(end, usage.size())));
  }
}

Fit Pattern::Match(std::span<const Word> words) const {
  return Matcher(elements_, words, needs_option_).Run();
}

}  // namespace delstep
