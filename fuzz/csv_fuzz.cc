// The reader of tables: no input may crash it, and what it accepts is whole.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "data/csv.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A text that holds a bar is read without a header, its last column being the label.
  const bool bare = size > 0 && std::find(data, data + size, '|') != data + size;
  const auto loaded = delstep::ParseCsv(
      {data, size}, "input",
      bare ? delstep::CsvFormat{.label = "-1", .header = "false"} : delstep::CsvFormat{});
  if (!loaded) {
    Check((bare || loaded.error().code == delstep::ErrorCode::kFile) &&
          loaded.error().message.size() < 800);
    return 0;
  }
  const delstep::Dataset& set = loaded->dataset;
  Check(set.size() > 0 && set.example_size > 0);
  Check(set.floats.size() == set.size() * set.example_size);
  Check(loaded->class_names.size() == static_cast<std::size_t>(set.classes));
  for (const auto label : set.labels) Check(label >= 0 && label < set.classes);
  for (const float value : set.floats) Check(std::isfinite(value));
  return 0;
}
