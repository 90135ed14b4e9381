#pragma once
/// Worlds as bytes, for checkpoints: the form that is written (save_worlds.h) and read
/// (load_worlds.h). The list of a world's fields (fields.h) says what there is: State and Record
/// are saved, in its order; Derived is computed anew (deriver.h).
///
/// What is copy on write is in the bytes once, whoever shares it: it has a number, and stands where
/// that number comes for the first time.
///
/// Rows are not in the bytes. They are listed beside them, each once, and the bytes say which row
/// of the list stands where; so rows that are shared stay shared, and nobody copies them only to
/// write them. Lists of examples and labels of nodes' own are in the bytes, each once.
#include <bit>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/world/row.h"

namespace delstep {

/// Rows in the order in which the fields first refer to them.
struct SavedRows {
  std::vector<Row> models, states;
};

/// The one field of a node that is a row and not as long as a model: its rows are `states`.
inline constexpr std::string_view kStateRow = "state";

// Rows and lists of numbers are written as they lie in memory.
static_assert(std::endian::native == std::endian::little);

/// What is written as a number of 8 bytes.
template <class T>
concept PlainNumber = std::integral<T> || std::is_enum_v<T>;
/// Lists of plain numbers, of examples above all, take no more room than in memory.
template <class T>
concept PackedNumber = std::integral<T> && !std::is_same_v<T, bool>;

}  // namespace delstep
