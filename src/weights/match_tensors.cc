#include "weights/match_tensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "base/shortened.h"
#include "base/text.h"
#include "weights/number_type.h"

namespace delstep {
namespace {

using Matched = std::vector<const NamedArray*>;

constexpr std::size_t kMostListed = 8;

bool IsCounter(std::string_view name) { return name.ends_with("num_batches_tracked"); }

/// "fc1.weight": module "fc1", leaf "weight"; without a dot all is module.
std::string_view ModuleOf(std::string_view name) { return name.substr(0, name.rfind('.')); }
std::string_view LeafOf(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

/// The numbers in a text, and the text without them.
struct Numbered {
  std::vector<std::uint64_t> numbers;
  std::string rest;
};
Numbered SplitNumbers(std::string_view text) {
  Numbered split;
  bool in_number = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !in_number) split.numbers.push_back(0);
    if (digit)
      split.numbers.back() = split.numbers.back() * 10 + static_cast<std::uint64_t>(c - '0');
    else
      split.rest += c;
    if (!digit && in_number) split.rest += '#';
    in_number = digit;
  }
  return split;
}

/// In the order of the numbers in their names, within a module in the order of the leaves of
/// `wanted`; nothing if the modules' names differ in more than numbers.
Matched ByNumber(std::span<const NamedArray* const> arrays, std::span<const TensorSpec> wanted) {
  std::map<std::string_view, std::size_t> rank;
  for (const TensorSpec& tensor : wanted) rank.emplace(LeafOf(tensor.name), rank.size());
  struct Place {
    std::vector<std::uint64_t> numbers;
    std::size_t leaf;
    const NamedArray* array;
  };
  std::vector<Place> places;
  std::set<std::string> rests;
  for (const NamedArray* array : arrays) {
    Numbered module = SplitNumbers(ModuleOf(array->name));
    const auto leaf = rank.find(LeafOf(array->name));
    if (leaf == rank.end() && !LeafOf(array->name).empty()) return {};
    rests.insert(std::move(module.rest));
    places.push_back({std::move(module.numbers), leaf == rank.end() ? 0 : leaf->second, array});
  }
  if (rests.size() != 1) return {};
  std::ranges::stable_sort(places, {},
                           [](const Place& place) { return std::tie(place.numbers, place.leaf); });
  Matched matched;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string_view leaf = LeafOf(places[i].array->name);
    if (!leaf.empty() && leaf != LeafOf(wanted[i].name)) return {};
    if (places[i].array->shape != wanted[i].shape) return {};
    matched.push_back(places[i].array);
  }
  return matched;
}

/// Nothing where a shape is there twice, or another one.
Matched ByShape(std::span<const NamedArray* const> arrays, std::span<const TensorSpec> wanted) {
  std::map<std::vector<std::int64_t>, const NamedArray*> by_shape;
  for (const NamedArray* array : arrays)
    if (!by_shape.emplace(array->shape, array).second) return {};
  Matched matched;
  for (const TensorSpec& tensor : wanted) {
    const auto found = by_shape.find(tensor.shape);
    if (found == by_shape.end()) return {};
    matched.push_back(found->second);
  }
  return matched;
}

/// How much of all names is a prefix that the model's names lack: what wrappers of PyTorch put
/// before them ("module.", "_orig_mod.", one after the other), or the name of the member in which a
/// larger object had the model ("model." of Lightning, "encoder.net.").
std::size_t CommonPrefix(std::span<const NamedArray> arrays, std::span<const TensorSpec> wanted) {
  if (arrays.empty()) return 0;
  std::string_view common = arrays.front().name;
  for (const NamedArray& array : arrays) {
    const auto [end, ignored] = std::ranges::mismatch(common, array.name);
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  // Each length that ends with a dot, the shortest first: the first one after which a name is one
  // of the model's.
  std::size_t prefix = 0;
  for (;;) {
    for (const NamedArray& array : arrays)
      if (std::ranges::find(wanted, std::string_view(array.name).substr(prefix),
                            &TensorSpec::name) != wanted.end())
        return prefix;
    const std::size_t dot = common.find('.', prefix);
    if (dot == std::string_view::npos) return 0;
    prefix = dot + 1;
  }
}

/// The differences, one list a kind.
struct Misfit {
  std::vector<std::string> missing, extra, other;

  std::string Text() const {
    std::vector<std::string> kinds;
    const auto add = [&](const char* kind, const std::vector<std::string>& list) {
      if (list.empty()) return;
      const std::vector<std::string> shown(
          list.begin(),
          list.begin() + static_cast<std::ptrdiff_t>(std::min(list.size(), kMostListed)));
      kinds.push_back(fmt::format("{} {}{}", kind, Join(shown, ", "),
                                  list.size() > shown.size()
                                      ? fmt::format(", ... {} more", list.size() - shown.size())
                                      : ""));
    };
    add("it lacks", missing);
    add("it has", extra);
    add("it has of another shape", other);
    return Join(kinds, "; ");
  }
};

std::string Describe(std::string_view name, const std::vector<std::int64_t>& shape) {
  return fmt::format("{} [{}]", Shortened(name, 80), fmt::join(shape, ", "));
}

bool IsTransposed(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  return a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0];
}

/// Of tensors that are missing, those whose shape exactly one unknown array has, and no other that
/// is missing; empty if there is none.
std::string AlikeByShape(std::span<const TensorSpec* const> missing,
                         std::span<const NamedArray* const> extra) {
  std::vector<std::string> pairs;
  for (const TensorSpec* tensor : missing) {
    const auto same = [&](const auto* other) { return other->shape == tensor->shape; };
    if (std::ranges::count_if(missing, same) != 1 || std::ranges::count_if(extra, same) != 1)
      continue;
    const NamedArray& array = **std::ranges::find_if(extra, same);
    pairs.push_back(fmt::format("{} as {}", NameText(array.name), tensor->name));
  }
  if (pairs.empty()) return {};
  pairs.resize(std::min(pairs.size(), kMostListed));
  return "going by shapes, save " + Join(pairs, ", ");
}

/// By their names after the prefix.
Result<MatchedTensors> ByName(std::span<const NamedArray> arrays, std::size_t prefix,
                              std::span<const TensorSpec> wanted,
                              std::span<const TensorSpec> counters, const std::string& subject) {
  std::map<std::string_view, const NamedArray*> left;
  for (const NamedArray& array : arrays)
    left.emplace(std::string_view(array.name).substr(prefix), &array);
  MatchedTensors matched;
  Misfit misfit;
  std::vector<const TensorSpec*> missing;
  bool transposed = false;
  for (const TensorSpec& tensor : wanted) {
    const auto found = left.find(tensor.name);
    if (found == left.end()) {
      misfit.missing.push_back(Describe(tensor.name, tensor.shape));
      missing.push_back(&tensor);
      continue;
    }
    const NamedArray& array = *found->second;
    if (array.shape != tensor.shape) {
      transposed = transposed || IsTransposed(array.shape, tensor.shape);
      misfit.other.push_back(fmt::format("{} {}, expected [{}]", Describe(array.name, array.shape),
                                         array.dtype, fmt::join(tensor.shape, ", ")));
    }
    matched.tensors.push_back(&array);
    left.erase(found);
  }
  for (const TensorSpec& counter : counters) {
    const auto found = left.find(counter.name);
    matched.counters.push_back(found == left.end() ? nullptr : found->second);
    if (found != left.end()) left.erase(found);
  }
  for (const NamedArray& array : arrays)
    if (left.contains(std::string_view(array.name).substr(prefix)) && !IsCounter(array.name))
      misfit.extra.push_back(fmt::format("{} {}", Describe(array.name, array.shape), array.dtype));
  const std::string text = misfit.Text();
  if (text.empty()) return matched;
  std::vector<const NamedArray*> extra;
  for (const auto& [name, array] : left)
    if (!IsCounter(array->name)) extra.push_back(array);
  const std::string alike = AlikeByShape(missing, extra);
  return BadFile(fmt::format("{} does not fit the model: {}", subject, text),
                 transposed ? "a weight of a linear layer is [outputs, inputs], as in PyTorch: "
                              "save its transpose"
                 : !alike.empty()
                     ? alike
                     : "names and shapes must be those of the model: `export` shows them "
                       "in a file");
}

}  // namespace

Result<MatchedTensors> MatchTensors(std::span<const NamedArray> arrays,
                                    std::span<const TensorSpec> wanted,
                                    std::span<const TensorSpec> counters,
                                    const std::string& subject) {
  const std::size_t prefix = CommonPrefix(arrays, wanted);
  const bool some_known = std::ranges::any_of(arrays, [&](const NamedArray& array) {
    const auto name = std::string_view(array.name).substr(prefix);
    return std::ranges::find(wanted, name, &TensorSpec::name) != wanted.end();
  });
  // Counters come and go between versions of PyTorch: they decide nothing here.
  Matched others;
  for (const NamedArray& array : arrays)
    if (!IsCounter(array.name)) others.push_back(&array);
  if (!some_known && others.size() == wanted.size()) {
    Matched matched = ByNumber(others, wanted);
    if (matched.empty()) matched = ByShape(others, wanted);
    // No name is known, so none of a counter either.
    if (!matched.empty())
      return MatchedTensors{std::move(matched), Matched(counters.size(), nullptr)};
  }
  return ByName(arrays, prefix, wanted, counters, subject);
}

}  // namespace delstep
