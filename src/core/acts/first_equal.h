#pragma once
/// Finding equal items of a list, so that what is made of each is made once.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace delstep {

/// For each place below `count` the first place whose item is equal: itself where there is none
/// before. `hash(i)` says where to look, `equal(i, j)` decides: equal hashes of different items
/// must not give one node another's model.
template <class Hash, class Equal>
std::vector<std::size_t> FirstEqual(std::size_t count, Hash hash, Equal equal) {
  std::unordered_multimap<std::uint64_t, std::size_t> firsts;  // looked up, never iterated
  std::vector<std::size_t> first(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto [begin, end] = firsts.equal_range(hash(i));
    const auto same =
        std::find_if(begin, end, [&](const auto& entry) { return equal(entry.second, i); });
    first[i] = same == end ? i : same->second;
    if (same == end) firsts.emplace(hash(i), i);
  }
  return first;
}

}  // namespace delstep
