#include "console/commands/slips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/odd_blank.h"
#include "base/text.h"
#include "scenario/keys.h"
#include "scenario/units.h"

namespace delstep {
namespace {

bool Fits(std::span<const Word> words) {
  return std::ranges::any_of(FittingCommands(words),
                             [](const Fitting& row) { return !row.fit.error; });
}

/// "exchange a and b" → "exchange a b".
std::vector<Word> WithoutSmallWords(std::span<const Word> words) {
  constexpr std::array<std::string_view, 7> kSmall = {"show", "list", "and", "to",
                                                      "=",    "from", "the"};
  std::vector<Word> others = {words.front()};
  for (const Word& word : words.subspan(1))
    if (std::ranges::find(kSmall, word.text) == kSmall.end()) others.push_back(word);
  return others;
}

/// "link a b loss=0.1" → "link a b loss 0.1".
std::vector<Word> PartedAtEquals(std::span<const Word> words) {
  std::vector<Word> parts;
  for (const Word& word : words) {
    parts.push_back(word);
    const auto equals = word.quoted ? std::string::npos : word.text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.text.size()) continue;
    parts.back().text.resize(equals);
    parts.push_back(word);
    parts.back().text.erase(0, equals + 1);
  }
  return parts;
}

/// "lrate 0,5" → "lrate 0.5".
std::vector<Word> WithPoints(std::span<const Word> words) {
  std::vector<Word> others(words.begin(), words.end());
  for (Word& word : others) {
    std::string text = word.text;
    std::ranges::replace(text, ',', '.');
    if (std::ranges::count(word.text, ',') == 1 && ParseReal(text)) word.text = std::move(text);
  }
  return others;
}

/// "train 3 times" → "repeat 3 train"; "train for 3 epochs" → "set training.epochs 3; train".
std::string Repetition(std::span<const Word> words) {
  if (words.size() < 3) return {};
  const std::string& unit = words.back().text;
  const std::string& count = words[words.size() - 2].text;
  const auto times = ParseUnsigned(count);
  if (!times || *times == 0) return {};
  std::vector<Word> what(words.begin(), words.end() - 2);
  if (what.size() > 1 && what.back().text == "for") what.pop_back();
  if (!Fits(what)) return {};
  if (unit == "times" || unit == "x" || unit == "rounds")
    return fmt::format("repeat {} {}", count, CommandText(what));
  if (what.front().text == "train" && (unit == "epochs" || unit == "epoch"))
    return fmt::format("set training.epochs {}; {}", count, CommandText(what));
  return {};
}

/// The first order that fits in which some neighbouring words stand elsewhere; empty: none does.
std::string InAnotherOrder(std::span<const Word> words) {
  for (std::size_t from = 1; from < words.size(); ++from)
    for (std::size_t middle = from + 1; middle < words.size(); ++middle)
      for (std::size_t end = middle + 1; end <= words.size(); ++end) {
        std::vector<Word> tried(words.begin(), words.end());
        const auto at = [&](std::size_t i) {
          return tried.begin() + static_cast<std::ptrdiff_t>(i);
        };
        std::rotate(at(from), at(middle), at(end));
        if (Fits(tried)) return CommandText(tried);
      }
  return {};
}

/// "all", and what stands in brackets in a usage line: "local", "global", "group".
std::vector<std::string> OptionalWords(std::string_view usage) {
  std::vector<std::string> words = {"all"};
  for (auto open = usage.find('['); open != std::string_view::npos;
       open = usage.find('[', open + 1))
    for (const std::string_view part :
         Split(usage.substr(open + 1, usage.find(']', open) - open - 1), '|'))
      if (const std::string_view word = part.substr(0, part.find(' '));
          !word.empty() && word.front() >= 'a' && word.front() <= 'z')
        words.emplace_back(word);
  return words;
}

/// "churn sessions" is about the key churn.name; empty: there is no such key.
std::string AsKey(std::span<const Word> words) {
  const std::string name = words.front().text + ".name";
  const Key* key = FindKey(name);
  if (!key) return {};
  const std::string value = words.size() == 2 ? words[1].text : "VALUE";
  return key->settable()
             ? fmt::format("change it with: set {} {}; read of it with: help {}", name, value, name)
             : fmt::format("it is chosen at the start, delstep {}={}; read of it with: help {}",
                           name, value, name);
}

/// "epochs 2" is about training.epochs, if no other key ends so; empty: it is about none.
std::string AsLastPart(std::span<const Word> words) {
  const std::string last = '.' + words.front().text;
  const Key* found = nullptr;
  for (const Key& key : Keys()) {
    if (!key.settable() || !key.name.ends_with(last)) continue;
    if (found != nullptr) return {};
    found = &key;
  }
  if (found == nullptr) return {};
  return fmt::format("did you mean 'set {} {}'?", found->name,
                     words.size() == 2 ? words[1].text : "VALUE");
}

}  // namespace

std::string HintAboutBlanks(std::span<const Word> words) {
  for (const Word& word : words)
    if (std::string hint = OddBlankHint(word.text); !hint.empty()) return hint;
  for (std::size_t first = 0; first < words.size(); ++first) {
    const bool in_quotes = words[first].text.starts_with('\'');
    std::string whole;
    for (std::size_t i = first; i < words.size() && !words[i].quoted; ++i) {
      std::string part = words[i].text;
      const bool goes_on = in_quotes ? !part.ends_with('\'') : part.ends_with('\\');
      if (!in_quotes && goes_on) part.pop_back();
      whole += (i > first ? " " : "") + part;
      if (goes_on) continue;
      if (i == first) break;
      return fmt::format("blanks need double quotes: \"{}\"",
                         in_quotes ? whole.substr(1, whole.size() - 2) : whole);
    }
  }
  return {};
}

std::string OfAnotherProgram(std::span<const Word> words) {
  const std::string_view verb = words.front().text;
  struct Synonym {
    std::string_view verb, here;
  };
  constexpr std::array kSynonyms = {Synonym{"quit", "exit"},
                                    Synonym{"q", "exit"},
                                    Synonym{"bye", "exit"},
                                    Synonym{"nodes", "neighborhood"},
                                    Synonym{"ls", "neighborhood"},
                                    Synonym{"aggregate", "ag"},
                                    Synonym{"average", "ag"},
                                    Synonym{"evaluate", "test"},
                                    Synonym{"eval", "test"},
                                    Synonym{"accuracy", "test"},
                                    Synonym{"broadcast", "flood"},
                                    Synonym{"share", "flood"},
                                    Synonym{"print", "echo"},
                                    Synonym{"say", "echo"},
                                    Synonym{"wait", "pause"},
                                    Synonym{"sleep", "run"},
                                    Synonym{"source", "load"},
                                    Synonym{"include", "load"},
                                    Synonym{"for", "repeat"},
                                    Synonym{"loop", "repeat"},
                                    Synonym{"assert", "expect"},
                                    Synonym{"man", "help"},
                                    Synonym{"h", "help"},
                                    Synonym{"lr", "set training.lr"},
                                    Synonym{"results", "log results"},
                                    Synonym{"get", "config show"},
                                    Synonym{"back", "undo"},
                                    Synonym{"restart", "reset"},
                                    Synonym{"checkout", "switch"},
                                    Synonym{"tag", "mark"},
                                    Synonym{"snapshot", "mark"},
                                    Synonym{"fork", "branch"},
                                    Synonym{"restore", "goto"},
                                    Synonym{"jump", "goto"},
                                    Synonym{"rewind", "undo"},
                                    Synonym{"revert", "undo"},
                                    Synonym{"hist", "history"},
                                    Synonym{"breakpoint", "break"},
                                    Synonym{"explain", "why"},
                                    Synonym{"provenance", "why"},
                                    Synonym{"loss", "link all loss"},
                                    Synonym{"latency", "link all latency"},
                                    Synonym{"bandwidth", "link all bandwidth"},
                                    Synonym{"acc", "test"}};
  if (verb.starts_with("//") || verb.starts_with("/*") || verb == "%" || verb == "rem")
    return "a comment begins with #";
  // Copied from a page together with the prompt.
  if (verb.starts_with('>') || verb.starts_with('$'))
    return fmt::format("type only what stands after the '{}'", verb.front());
  if (verb == "resume") return "at the start of the program: delstep --resume FILE";
  if (verb == "whatif" || verb == "what-if")
    return "go on from one moment in two ways: mark NAME, then drop, goto NAME; or branch NAME";
  if ((verb == "wait" || verb == "sleep") && words.size() == 2 && ParseDuration(words[1].text))
    return fmt::format("did you mean 'run {}'?", words[1].text);
  const auto found = std::ranges::find(kSynonyms, verb, &Synonym::verb);
  if (found != kSynonyms.end()) return fmt::format("did you mean '{}'?", found->here);
  if (std::string key = AsLastPart(words); !key.empty()) return key;
  return AsKey(words);
}

std::string Rewritten(std::span<const Word> words) {
  constexpr std::size_t kMostWords = 8;
  if (words.size() < 2 || words.size() > kMostWords) return {};
  if (std::string repeat = Repetition(words); !repeat.empty()) return repeat;
  for (const std::vector<Word>& tried : {WithoutSmallWords(words), PartedAtEquals(words)})
    if (tried.size() != words.size() && Fits(tried)) return CommandText(tried);
  if (const std::vector<Word> tried = WithPoints(words); Fits(tried)) return CommandText(tried);
  return InAnotherOrder(words);
}

std::vector<std::string> WordsOfForm(std::string_view usage) {
  std::vector<std::string> words = OptionalWords(usage);
  words.erase(words.begin());  // "all" chooses nodes
  // "link default" has one outside brackets.
  const auto blank = usage.find(' ');
  if (blank != usage.npos) {
    const std::string_view second = usage.substr(blank + 1, usage.find(' ', blank + 1) - blank - 1);
    if (!second.empty() && second.front() >= 'a' && second.front() <= 'z')
      words.emplace_back(second);
  }
  return words;
}

std::optional<Error> KeywordAsNode(const Word& word, std::span<const std::string> keywords) {
  if (word.quoted) return std::nullopt;
  const std::string_view text = word.text;
  const std::string_view name = text.substr(0, text.find('='));
  if (std::ranges::find(keywords, name) == keywords.end()) return std::nullopt;
  return At(word, UsageError(fmt::format("'{}' is no node here: {} is a word of the command", text,
                                         name)));
}

std::string MeantKeyword(std::string_view word, std::span<const std::string> keywords) {
  struct Other {
    std::string_view word, here;
  };
  constexpr std::array kOthers = {
      Other{"delay", "latency"},  Other{"rtt", "latency"},    Other{"lag", "latency"},
      Other{"bw", "bandwidth"},   Other{"rate", "bandwidth"}, Other{"speed", "bandwidth"},
      Other{"drop", "loss"},      Other{"on", "up"},          Other{"off", "down"},
      Other{"one-way", "oneway"}, Other{"remove", "down"},    Other{"delete", "down"},
      Other{"reset", "default"}};
  const auto known = [&](std::string_view keyword) {
    return std::ranges::find(keywords, keyword) != keywords.end();
  };
  for (const Other& other : kOthers)
    if (other.word == word && known(other.here)) return std::string(other.here);
  // Shortened: "lat".
  constexpr std::size_t kShortest = 3;
  const auto longer = std::ranges::find_if(keywords, [&](const std::string& keyword) {
    return word.size() >= kShortest && keyword.starts_with(word);
  });
  if (longer != keywords.end()) return *longer;
  return std::string(Nearest(word, keywords));
}

Error MeantAsWord(const Command& command, std::span<const std::string> keywords,
                  std::span<const Choice> choices, const Directory& directory, Error error) {
  // A node that is down has its own way out, and a group of that name is no slip.
  if (!error.message.starts_with("no node named") || error.hint.find("'@") != std::string::npos)
    return error;
  const std::vector<std::string> words = OptionalWords(command.usage);
  const std::vector<std::string> nodes = NodeWords(directory);
  for (const Choice& choice : choices) {
    if (PlaceOf(*choice.word) != error.where || choice.selector.kind != Selector::Kind::kNode)
      continue;
    const std::string& text = choice.word->text;
    const std::string_view node = Nearest(text, nodes);
    const auto is_nearer = [&](std::string_view other) {
      return node.empty() ||
             EditDistance(Lower(text), Lower(other)) < EditDistance(Lower(text), Lower(node));
    };
    if (const std::string meant = MeantKeyword(text, keywords);
        !meant.empty() && is_nearer(meant)) {
      error.code = ErrorCode::kUsage;
      error.hint = text == "remove" || text == "delete"
                       ? "no link is removed, but it can be down: link A B down"
                       : fmt::format("did you mean '{}'?", meant);
      return error;
    }
    if (const std::string_view word = Nearest(text, words); !word.empty() && is_nearer(word))
      error.hint = fmt::format("did you mean '{}'?", word);
  }
  return error;
}

}  // namespace delstep
