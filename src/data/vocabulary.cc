#include "data/vocabulary.h"

#include <algorithm>
#include <numeric>

#include "base/utf8.h"

namespace delstep {
namespace {

std::string NameOf(const std::string& token) {
  if (token == " ") return "space";
  if (token == "\n") return "\\n";
  if (token == "\t") return "\\t";
  if (token == "\r") return "\\r";
  return Printable(token);
}

}  // namespace

std::uint32_t TokenCounts::Add(std::string_view token) {
  if (token.size() == 1) {
    std::uint32_t& number = of_byte_[static_cast<unsigned char>(token[0])];
    if (number == kNone) number = New(token);
    ++counts_[number];
    return number;
  }
  const auto found = numbers_.find(token);
  const std::uint32_t number = found != numbers_.end() ? found->second : New(token);
  ++counts_[number];
  return number;
}

std::uint32_t TokenCounts::New(std::string_view token) {
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(token);
  counts_.push_back(0);
  if (token.size() != 1) numbers_.emplace(token, number);
  return number;
}

Vocabulary MostFrequent(const TokenCounts& tokens, std::size_t most) {
  std::vector<std::uint32_t> order(tokens.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    if (tokens.count(a) != tokens.count(b)) return tokens.count(a) > tokens.count(b);
    return tokens.text(a) < tokens.text(b);
  });
  if (order.size() > most) order.resize(most);
  Vocabulary vocabulary;
  vocabulary.id_of.resize(tokens.size());
  vocabulary.names = {"<unk>"};
  for (const std::uint32_t number : order) {
    vocabulary.id_of[number] = static_cast<std::uint32_t>(vocabulary.names.size());
    vocabulary.names.push_back(NameOf(tokens.text(number)));
  }
  return vocabulary;
}

}  // namespace delstep
