#include "data/text_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/file_kind.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/folder.h"
#include "data/token_data.h"
#include "delstep/scenario.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostTextBytes = std::uint64_t{1} << 32;

/// A text, code point by code point.
class Characters {
 public:
  Characters(std::string_view text, const std::string& name) : text_(text), name_(name) {
    if (text_.starts_with(kByteOrderMark)) next_ = kByteOrderMark.size();
  }

  bool AtEnd() const { return next_ == text_.size(); }
  /// Requires !AtEnd().
  Result<char32_t> Next() {
    begin_ = next_;
    const char32_t c = NextCodePoint(text_, next_);
    if (c == kReplacement && next_ - begin_ == 1) {
      return Wrong(fmt::format("0x{:02x} is no UTF-8", static_cast<unsigned char>(text_[begin_])),
                   EncodingHint(text_, name_));
    }
    if (c != '\r') return c;
    if (next_ < text_.size() && text_[next_] == '\n') ++next_;
    return U'\n';
  }
  /// The bytes of the code point that Next() returned.
  std::string_view bytes() const {
    return text_[begin_] == '\r' ? std::string_view("\n") : text_.substr(begin_, next_ - begin_);
  }

 private:
  Error Wrong(const std::string& what, std::string hint) const {
    return BadFile(fmt::format("'{}', byte {}: {}", name_, begin_, what), std::move(hint));
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t begin_ = 0, next_ = 0;
};

bool IsApostrophe(char32_t c) { return c == '\'' || c == 0x2019; }

Result<std::vector<std::uint32_t>> CharactersOf(Characters text, TokenCounts& counts) {
  std::vector<std::uint32_t> tokens;
  while (!text.AtEnd()) {
    DELSTEP_TRY(text.Next());
    tokens.push_back(counts.Add(text.bytes()));
  }
  return tokens;
}

Result<std::vector<std::uint32_t>> WordsOf(Characters text, TokenCounts& counts) {
  std::vector<std::uint32_t> tokens;
  std::string word;
  bool apostrophe = false;  // stands after `word`, and belongs to it if a letter follows
  const auto finish = [&] {
    if (!word.empty()) tokens.push_back(counts.Add(word));
    word.clear();
    apostrophe = false;
  };
  while (!text.AtEnd()) {
    DELSTEP_ASSIGN(const char32_t c, text.Next());
    if (IsWordCharacter(c)) {
      // One sign for both kinds of apostrophe: "don't" is one word, however it was typed.
      if (std::exchange(apostrophe, false)) word += '\'';
      AppendUtf8(LowerCase(c), word);
    } else if (IsApostrophe(c) && !word.empty() && !apostrophe) {
      apostrophe = true;
    } else {
      finish();
    }
  }
  finish();
  return tokens;
}

/// All files' tokens in one stream, and where each file's begin.
struct Corpus {
  TokenCounts counts;
  std::vector<std::uint32_t> stream;
  std::vector<std::size_t> begins;
};

Result<Corpus> ReadFiles(const DataOptions& options, const std::vector<fs::path>& files) {
  Corpus corpus;
  std::size_t too_short = 0;
  std::string first;
  for (const fs::path& file : files) {
    DELSTEP_ASSIGN(const ByteBuffer content, ReadWhole(file, kMostTextBytes));
    const std::string_view text(reinterpret_cast<const char*>(content.bytes().data()),
                                content.size());
    DELSTEP_ASSIGN(const std::vector<std::uint32_t> tokens,
                   TokensOf(text, file.string(), options.unit, corpus.counts));
    if (tokens.size() <= options.sequence && too_short++ == 0)
      first = fmt::format("'{}' holds {}", file.string(), Count(tokens.size(), options.unit));
    corpus.begins.push_back(corpus.stream.size());
    corpus.stream.insert(corpus.stream.end(), tokens.begin(), tokens.end());
  }
  if (too_short == 0) return corpus;
  return BadFile(
      fmt::format(
          "{}, an example and its label need {} (data.sequence + 1){}", first, options.sequence + 1,
          too_short == 1 ? "" : "; too short is also " + Count(too_short - 1, "other file")),
      "lower data.sequence, or leave such files out");
}

}  // namespace

Result<std::vector<std::uint32_t>> TokensOf(std::string_view text, const std::string& name,
                                            const std::string& unit, TokenCounts& counts) {
  if (auto no_text = NoText(text, name)) return *std::move(no_text);
  const Characters characters(text, name);
  return unit == "word" ? WordsOf(characters, counts) : CharactersOf(characters, counts);
}

Result<LoadedData> ReadText(const DataOptions& options) {
  if (options.path.empty())
    return UsageError("data.name = text needs data.path", "a text file, or a folder of .txt files")
        .About("data.name");
  DELSTEP_ASSIGN(const std::vector<fs::path> files, FilesAt(options.path, ".txt"));
  DELSTEP_ASSIGN(const Corpus corpus, ReadFiles(options, files));
  std::vector<TokenExample> examples;
  std::vector<std::uint32_t> sources;
  for (std::uint32_t s = 0; s < files.size(); ++s) {
    const std::size_t end = s + 1 < files.size() ? corpus.begins[s + 1] : corpus.stream.size();
    // No example reaches from one file into the next.
    for (std::size_t i = corpus.begins[s]; i + options.sequence < end; i += options.stride) {
      examples.push_back({i, corpus.stream[i + options.sequence]});
      sources.push_back(s);
    }
  }
  DELSTEP_ASSIGN(LoadedData loaded, MakeTokenData(corpus.stream, examples, options.sequence,
                                                  MostFrequent(corpus.counts, options.vocabulary)));
  loaded.name = "text";
  loaded.sources = std::move(sources);
  for (const fs::path& file : files) {
    loaded.source_names.push_back(file.stem().string());
    loaded.files.push_back(file.string());
  }
  return loaded;
}

}  // namespace delstep
