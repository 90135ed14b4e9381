#include <fmt/format.h>

#include <utility>

#include "archive/npy.h"
#include "weights/number_type.h"
#include "weights/tensor_file.h"

namespace delstep {
namespace {

constexpr std::string_view kEnding = ".npy";

Result<NamedArray> ReadEntry(const ZipReader& zip, const ZipEntry& entry) {
  if (!entry.name.ends_with(kEnding))
    return BadFile(
        fmt::format("'{}': the entry '{}' is no NAME.npy", zip.name(), NameText(entry.name)),
        "in Python: numpy.savez(FILE, **{name: array, ...})");
  DELSTEP_ASSIGN(const auto source, zip.Read(entry));
  DELSTEP_ASSIGN(const NpyHeader header, ReadNpyHeader(*source, TruthValues::kAsBytes));
  for (const std::uint64_t size : header.shape)
    if (!std::in_range<std::int64_t>(size))
      return BadFile(
          fmt::format("'{}': its shape {} is too large", source->name(), header.shape_text()),
          "the file is damaged: fetch or write it again");
  NamedArray array;
  DELSTEP_ASSIGN(array.values, ReadNpyAs<float>(*source, header));
  array.name = entry.name.substr(0, entry.name.size() - kEnding.size());
  array.shape.assign(header.shape.begin(), header.shape.end());
  array.dtype = header.dtype();
  return array;
}

}  // namespace

Result<std::vector<NamedArray>> ReadNpzTensors(const ZipReader& zip) {
  std::vector<NamedArray> arrays;
  for (const ZipEntry& entry : zip.entries()) {
    DELSTEP_ASSIGN(arrays.emplace_back(), ReadEntry(zip, entry));
  }
  return arrays;
}

void WriteNpzTensors(std::ostream& out, std::span<const NamedArrayView> tensors) {
  ZipWriter zip(out);
  for (const NamedArrayView& tensor : tensors) {
    const std::string header = NpyHeaderText(tensor.is_integer ? "<i8" : "<f4",
                                             {tensor.shape.begin(), tensor.shape.end()});
    const std::span<const std::byte> parts[] = {std::as_bytes(std::span(header)), tensor.content};
    // Stored, not packed: weights hardly get smaller, and packing takes time.
    zip.Add(std::string(tensor.name) + std::string(kEnding), parts, {.alignment = 64});
  }
  zip.Finish();
}

}  // namespace delstep
