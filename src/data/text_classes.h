#pragma once
/// Classes that go by texts.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace delstep {

class TextClasses {
 public:
  /// The number of this text, in order of first appearance.
  std::size_t Number(std::string_view text);
  std::size_t size() const { return numbers_.size(); }

  /// Turns `labels` from numbers of first appearance into the order of the texts, by value if all
  /// are numbers, and returns the classes' names: the texts, fit to be printed. Texts that are
  /// equal as numbers, "1", "1.0" and "01", become one class, called by the shortest of them.
  std::vector<std::string> Sort(std::span<std::int32_t> labels) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> numbers_;
};

}  // namespace delstep
