#pragma once
/// From tokens to ids.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace delstep {

/// Numbers tokens in the order in which they are first met, and counts them.
class TokenCounts {
 public:
  /// Counts the token and returns its number.
  std::uint32_t Add(std::string_view token);

  std::size_t size() const { return texts_.size(); }
  const std::string& text(std::size_t number) const { return texts_[number]; }
  std::uint64_t count(std::size_t number) const { return counts_[number]; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::uint32_t New(std::string_view token);

  std::vector<std::string> texts_;
  std::vector<std::uint64_t> counts_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  /// Numbers of the tokens of one byte, which are most of the characters of most texts.
  std::array<std::uint32_t, 256> of_byte_ = [] {
    std::array<std::uint32_t, 256> none;
    none.fill(kNone);
    return none;
  }();
};

/// The `most` most frequent tokens have the ids 1, 2, ..., the most frequent first and equally
/// frequent ones in the order of their bytes; all others have id 0.
struct Vocabulary {
  std::vector<std::uint32_t> id_of;  ///< by the number of a token
  /// By id: "<unk>", then the tokens' texts, with "space", "\n", "\t" and "\x.." for what cannot be
  /// seen. Its size is the number of ids.
  std::vector<std::string> names;
};

Vocabulary MostFrequent(const TokenCounts& tokens, std::size_t most);

}  // namespace delstep
