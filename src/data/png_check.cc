#include "data/png_check.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

constexpr std::string_view kPngBeginning = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kAroundChunk = 12;  // its length, its kind and its check sum

std::uint32_t Big32(std::span<const std::uint8_t> at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         at[3];
}

struct PngChunk {
  std::string kind;
  std::span<const std::uint8_t> whole, content;
  std::uint32_t sum = 0;
  /// A small letter first: what a picture can do without, such as a comment.
  bool is_needed() const { return kind[0] >= 'A' && kind[0] <= 'Z'; }
};

/// The chunk at the front of `left`, which moves behind it; nothing where it is cut off.
std::optional<PngChunk> NextChunk(std::span<const std::uint8_t>& left) {
  if (left.size() < kAroundChunk) return std::nullopt;
  const std::size_t size = Big32(left);
  if (size > left.size() - kAroundChunk) return std::nullopt;
  PngChunk chunk{.kind = std::string(left.begin() + 4, left.begin() + 8),
                 .whole = left.first(size + kAroundChunk),
                 .content = left.subspan(8, size),
                 .sum = Big32(left.subspan(size + 8))};
  left = left.subspan(size + kAroundChunk);
  return chunk;
}

Error DamagedPng(const std::string& name, const std::string& how) {
  return BadFile(fmt::format("'{}' is damaged: {}", name, how), "fetch it again, or remove it");
}

void PutBig32(std::uint32_t number, std::vector<std::uint8_t>& into) {
  for (int shift = 24; shift >= 0; shift -= 8)
    into.push_back(static_cast<std::uint8_t>(number >> shift));
}

}  // namespace

bool IsPng(std::span<const std::uint8_t> content) {
  return content.size() >= kPngBeginning.size() &&
         std::ranges::equal(
             content.first(kPngBeginning.size()), kPngBeginning,
             [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
}

Result<void> CheckPng(std::span<const std::uint8_t> content, const std::string& name) {
  for (auto left = content.subspan(kPngBeginning.size());;) {
    const std::size_t at = content.size() - left.size();
    const auto chunk = NextChunk(left);
    if (!chunk)
      return BadFile(fmt::format("'{}' ends early", name), "fetch it again, or remove it");
    const auto sum = crc32_z(0, chunk->whole.data() + 4, chunk->content.size() + 4);
    if (chunk->is_needed() && sum != chunk->sum)
      return DamagedPng(name, fmt::format("the check sum of its part '{}' at byte {} is wrong",
                                          Printable(chunk->kind), at));
    if (chunk->kind == "IEND") return {};
  }
}

std::optional<PngIndices> IndicesOfPng(std::span<const std::uint8_t> content) {
  constexpr std::size_t kDepth = 8, kColourKind = 9, kHeaderBytes = 13;
  constexpr std::uint8_t kGrey = 0, kPalette = 3;
  if (!IsPng(content)) return std::nullopt;
  PngIndices indices;
  unsigned depth = 0;
  indices.grey.assign(content.begin(), content.begin() + kPngBeginning.size());
  for (auto left = content.subspan(kPngBeginning.size());;) {
    const auto chunk = NextChunk(left);
    if (!chunk) return std::nullopt;
    if (chunk->kind == "PLTE") indices.colours = chunk->content.size() / 3;
    if (!chunk->is_needed() || chunk->kind == "PLTE") continue;
    const std::size_t begin = indices.grey.size();
    indices.grey.insert(indices.grey.end(), chunk->whole.begin(), chunk->whole.end());
    if (chunk->kind == "IHDR") {
      if (chunk->content.size() != kHeaderBytes || chunk->content[kColourKind] != kPalette)
        return std::nullopt;
      depth = chunk->content[kDepth];
      if (depth != 1 && depth != 2 && depth != 4 && depth != 8) return std::nullopt;
      // The same picture, called one of grey levels; the sum is made anew for it.
      indices.grey[begin + 8 + kColourKind] = kGrey;
      const auto sum = crc32_z(0, indices.grey.data() + begin + 4, kHeaderBytes + 4);
      indices.grey.erase(indices.grey.end() - 4, indices.grey.end());
      PutBig32(static_cast<std::uint32_t>(sum), indices.grey);
    }
    if (chunk->kind == "IEND") break;
  }
  if (depth == 0 || indices.colours >= std::size_t{1} << depth) return std::nullopt;
  indices.step = 255 / ((1u << depth) - 1);
  return indices;
}

Result<void> CheckIndices(const PngIndices& indices, std::span<const std::uint8_t> pixels,
                          const std::string& name) {
  if (pixels.empty()) return {};
  const unsigned highest = *std::ranges::max_element(pixels) / indices.step;
  if (highest < indices.colours) return {};
  return DamagedPng(name, fmt::format("a pixel has colour {}, but the palette holds {} (from 0)",
                                      highest, Count(indices.colours, "colour")));
}

}  // namespace delstep
