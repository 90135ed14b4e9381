// The interpreter of the pickles in .pt files, in an archive with two small storages: no input may
// crash it or cost much memory, and tensors are as large as their shapes say.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "weights/tensor_file.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

std::string Archive(std::span<const std::uint8_t> pickle) {
  constexpr std::array<float, 6> kNumbers = {0, 1, 2, 3, 4, 5};
  std::stringstream out;
  delstep::ZipWriter zip(out);
  zip.Add("x/data.pkl", std::as_bytes(pickle));
  zip.Add("x/data/0", std::as_bytes(std::span(kNumbers)));
  zip.Add("x/data/1", std::as_bytes(std::span(kNumbers).first(2)));
  zip.Finish();
  return out.str();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content = Archive({data, size});
  const auto zip = delstep::ZipReader::Parse(
      {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}, "input");
  Check(zip.ok());
  const auto arrays = delstep::ReadPt(*zip);
  if (!arrays) {
    Check(arrays.error().code == delstep::ErrorCode::kFile && !arrays.error().hint.empty());
    return 0;
  }
  std::size_t numbers = 0;
  for (const delstep::NamedArray& array : *arrays) {
    std::size_t product = 1;
    for (const auto side : array.shape) product *= static_cast<std::size_t>(side);
    Check(product == array.values.size());
    numbers += product;
  }
  Check(numbers <= (std::size_t{1} << 20) + 16 * 24 * 10);
  return 0;
}
