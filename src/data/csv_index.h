#pragma once
/// Columns that number the records of a table.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace delstep {

/// Which columns count the records: 0, 1, 2, ... or 1, 2, 3, ..., as the index of pandas does once
/// `reset_index()` has made a column of it, and as the numbers of a spreadsheet do. To a model such
/// a feature tells the order of the rows. `features` holds records of `width` numbers; `ends` says
/// for each file how many records there are up to its end: in a file after the first, the count
/// begins again or goes on. A few records count by accident, so no column does if no file has
/// kFewestCounted of them. Ascending.
std::vector<std::size_t> CountingColumns(std::span<const float> features, std::size_t width,
                                         std::span<const std::size_t> ends);
inline constexpr std::size_t kFewestCounted = 5;

/// The sentence for a user about one of them: a note, since it may be meant.
std::string CountingNote(std::string_view column);

/// What pandas calls a column of the index, if a table was saved with it and read again:
/// "Unnamed: 0", and "Unnamed: 0.1" after the second time.
bool IsPandasIndex(std::string_view column);

}  // namespace delstep
