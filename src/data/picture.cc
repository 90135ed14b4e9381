#include "data/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <climits>
#include <memory>
#include <string_view>

#include "data/picture_kind.h"
#include "data/png_check.h"
#include "data/pnm.h"
#include "data/scale.h"

// Private to this file. No vector instructions: their results differ a little.
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_STDIO
#define STBI_NO_SIMD
#define STBI_MAX_DIMENSIONS 32768
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace delstep {
namespace {

static_assert(STBI_MAX_DIMENSIONS == kMostPictureSide);

/// Hands content to the decoder, which takes what lies after the end for zeros and does not tell.
class Feeder {
 public:
  Feeder(std::span<const std::uint8_t> content, const stbi__context& context)
      : left_(content), buffer_(context.buffer_start) {}

  bool cut_off() const { return cut_off_; }

  static int Read(void* self, char* into, int count) {
    return static_cast<Feeder*>(self)->Take(reinterpret_cast<std::uint8_t*>(into),
                                            static_cast<std::size_t>(count));
  }
  static void Skip(void* self, int count) {
    auto& feeder = *static_cast<Feeder*>(self);
    const std::size_t skipped =
        std::min(feeder.left_.size(), static_cast<std::size_t>(std::max(count, 0)));
    feeder.cut_off_ |= skipped != static_cast<std::size_t>(std::max(count, 0));
    feeder.left_ = feeder.left_.subspan(skipped);
  }
  static int AtEnd(void* self) { return static_cast<Feeder*>(self)->left_.empty(); }

 private:
  /// The decoder fills its own small buffer as far as possible when it wants at least one byte, and
  /// reads elsewhere exactly what it needs.
  int Take(std::uint8_t* into, std::size_t count) {
    const std::size_t taken = std::min(left_.size(), count);
    std::copy_n(left_.begin(), taken, into);
    std::fill_n(into + taken, count - taken, std::uint8_t{0});
    left_ = left_.subspan(taken);
    cut_off_ |= into == buffer_ ? taken == 0 : taken != count;
    return static_cast<int>(taken);
  }

  std::span<const std::uint8_t> left_;
  const std::uint8_t* buffer_;
  bool cut_off_ = false;
};

struct Free {
  void operator()(std::uint8_t* pixels) const { stbi_image_free(pixels); }
};

Error Damaged(const std::string& name, const char* how) {
  return BadFile(fmt::format("'{}' is damaged: {}", name, how), "fetch it again, or remove it");
}

Result<void> CheckSize(std::span<const std::uint8_t> content, const std::string& name) {
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(content.data(), static_cast<int>(content.size()), &width, &height,
                             &channels) ||
      width <= 0 || height <= 0) {
    return BadFile(fmt::format("'{}' cannot be read as a picture", name),
                   "PNG, JPEG, BMP, PPM, PGM and PBM can be; convert others, or remove the file");
  }
  if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) <= kMostPicturePixels)
    return {};
  return BadFile(fmt::format("'{}' has {} x {} pixels, expected at most {} in all", name, width,
                             height, kMostPicturePixels),
                 "scale it down");
}

/// Whether the decoder would read a Huffman table of more than 256 codes, and overrun its buffer,
/// should it take the bytes at `at` for a table segment of a JPEG.
bool OverrunsAt(std::span<const std::uint8_t> content, std::size_t at) {
  constexpr std::size_t kLengths = 16, kMostCodes = 256;
  if (content.size() - at < 4) return false;
  const std::size_t length = content[at + 2] * std::size_t{256} + content[at + 3];
  const std::size_t end = at + 2 + length;
  for (std::size_t table = at + 4; table < std::min(end, content.size());) {
    std::size_t codes = 0;
    const auto counts = content.subspan(table + 1);
    for (const std::uint8_t count : counts.first(std::min(kLengths, counts.size()))) codes += count;
    if (codes > kMostCodes) return content[table] < 0x20 && (content[table] & 0x0Fu) < 4;
    table += 1 + kLengths + codes;
  }
  return false;
}

/// Wherever the marker stands: the decoder finds its place again after bytes that mean nothing.
bool HasHugeHuffmanTable(std::span<const std::uint8_t> content) {
  constexpr std::array<std::uint8_t, 2> kMarker = {0xFF, 0xC4};
  for (auto at = content.begin();; ++at) {
    at = std::search(at, content.end(), kMarker.begin(), kMarker.end());
    if (at == content.end()) return false;
    if (OverrunsAt(content, static_cast<std::size_t>(at - content.begin()))) return true;
  }
}

Result<Pixels> Decode(std::span<const std::uint8_t> content, const std::string& name) {
  stbi__context context;
  Feeder feeder(content, context);
  stbi_io_callbacks callbacks = {Feeder::Read, Feeder::Skip, Feeder::AtEnd};
  stbi__start_callbacks(&context, &callbacks, &feeder);
  constexpr int kColours = 3;
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<std::uint8_t, Free> colours(
      stbi__load_and_postprocess_8bit(&context, &width, &height, &channels, kColours));
  if (feeder.cut_off())
    return BadFile(fmt::format("'{}' ends early", name), "fetch it again, or remove it");
  if (!colours && std::string_view(stbi_failure_reason()) == "too large")
    return BadFile(fmt::format("'{}' is too large: a side has at most {} pixels, all at most {}",
                               name, kMostPictureSide, kMostPicturePixels),
                   "scale it down");
  if (!colours) return Damaged(name, stbi_failure_reason());
  Pixels pixels;
  pixels.width = static_cast<std::size_t>(width);
  pixels.height = static_cast<std::size_t>(height);
  pixels.colours.assign(colours.get(), colours.get() + kColours * pixels.width * pixels.height);
  return pixels;
}

Result<Pixels> DecodeAny(std::span<const std::uint8_t> content, const std::string& name) {
  if (IsPnm(content)) return DecodePnm(content, name);
  if (auto other = OtherPicture(content, name)) return *std::move(other);
  if (IsPng(content)) DELSTEP_TRY(CheckPng(content, name));
  if (HasHugeHuffmanTable(content)) return Damaged(name, "a Huffman table of over 256 codes");
  if (const auto size = CheckSize(content, name); !size) {
    // Of a picture that is cut off in its header the decoder says more: that it ends early.
    const auto header =
        HasPictureBeginning(content) ? Decode(content, name) : Result<Pixels>(size.error());
    return header ? size.error() : header.error();
  }
  DELSTEP_ASSIGN(Pixels pixels, Decode(content, name));
  if (const auto indices = IndicesOfPng(content)) {
    DELSTEP_ASSIGN(const Pixels grey, Decode(indices->grey, name));
    DELSTEP_TRY(CheckIndices(*indices, grey.colours, name));
  }
  return pixels;
}

bool IsGrey(std::span<const std::uint8_t> pixels) {
  for (std::size_t i = 0; i < pixels.size(); i += 3)
    if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) return false;
  return true;
}

/// The first `channels` of three of each pixel, one channel after another.
std::vector<std::uint8_t> Planes(std::span<const std::uint8_t> pixels, std::size_t channels) {
  std::vector<std::uint8_t> planes;
  planes.reserve(pixels.size() / 3 * channels);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = c; i < pixels.size(); i += 3) planes.push_back(pixels[i]);
  return planes;
}

}  // namespace

Result<Picture> DecodePicture(std::span<const std::uint8_t> content, const std::string& name,
                              std::size_t size) {
  assert(content.size() <= INT_MAX && size > 0 && size <= kMostPictureSide);
  DELSTEP_ASSIGN(const Pixels pixels, DecodeAny(content, name));
  const std::size_t plane_size = pixels.width * pixels.height;
  Picture picture;
  picture.channels = IsGrey(pixels.colours) ? 1 : 3;
  const std::vector<std::uint8_t> planes = Planes(pixels.colours, picture.channels);
  for (std::size_t c = 0; c < picture.channels; ++c) {
    const std::vector<std::uint8_t> scaled = Scale(
        std::span(planes).subspan(c * plane_size, plane_size), pixels.width, pixels.height, size);
    picture.values.insert(picture.values.end(), scaled.begin(), scaled.end());
  }
  return picture;
}

}  // namespace delstep
