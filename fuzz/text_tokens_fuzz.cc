// From text to tokens: no input may crash it; characters put together again are the text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "data/text_corpus.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  delstep::TokenCounts characters, words;
  const auto by_character = delstep::TokensOf(text, "input", "char", characters);
  const auto by_word = delstep::TokensOf(text, "input", "word", words);
  Check(by_character.ok() == by_word.ok());
  if (!by_character) {
    Check(by_character.error().code == delstep::ErrorCode::kFile);
    return 0;
  }
  std::string joined;
  for (const std::uint32_t token : *by_character) joined += characters.text(token);
  if (text.find('\r') == std::string_view::npos)
    Check(joined == (text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text));
  Check(by_word->size() <= by_character->size());
  const delstep::Vocabulary vocabulary = delstep::MostFrequent(words, 3);
  Check(vocabulary.names.size() <= 4 && vocabulary.id_of.size() == words.size());
  return 0;
}
