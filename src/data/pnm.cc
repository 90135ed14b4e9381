#include "data/pnm.h"

#include <fmt/format.h>

#include <cassert>

namespace delstep {
namespace {

constexpr const char* kFetchPictureAgain = "fetch it again, or remove it";
constexpr std::size_t kMostMaximum = 65535;

bool IsBlank(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/// The next number of a header, after blanks and comments; 0 if there is none up to `most`.
std::size_t NextNumber(std::span<const std::uint8_t> content, std::size_t& at, std::size_t most) {
  for (; at < content.size() && (IsBlank(content[at]) || content[at] == '#'); ++at)
    if (content[at] == '#')
      while (at + 1 < content.size() && content[at] != '\n') ++at;
  std::size_t number = 0;
  for (; at < content.size() && content[at] >= '0' && content[at] <= '9'; ++at) {
    number = 10 * number + (content[at] - std::size_t{'0'});
    if (number > most) return 0;
  }
  return number;
}

Result<std::vector<std::uint8_t>> ReadValues(std::span<const std::uint8_t> values,
                                             std::size_t count, std::size_t maximum,
                                             const std::string& name) {
  const std::size_t width = maximum > 255 ? 2 : 1;
  if (values.size() < count * width)
    return BadFile(fmt::format("'{}' ends early", name), kFetchPictureAgain);
  std::vector<std::uint8_t> scaled;
  scaled.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t value =
        width == 1 ? values[i] : values[2 * i] * std::size_t{256} + values[2 * i + 1];
    if (value > maximum) {
      return BadFile(fmt::format("'{}' is damaged: value {} is above the maximum {} of its header",
                                 name, value, maximum),
                     kFetchPictureAgain);
    }
    scaled.push_back(static_cast<std::uint8_t>((value * 255 + maximum / 2) / maximum));
  }
  return scaled;
}

}  // namespace

bool IsPnm(std::span<const std::uint8_t> content) {
  return content.size() >= 2 && content[0] == 'P' && (content[1] == '5' || content[1] == '6');
}

Result<Pixels> DecodePnm(std::span<const std::uint8_t> content, const std::string& name) {
  assert(IsPnm(content));
  std::size_t at = 2;
  Pixels pixels;
  pixels.width = NextNumber(content, at, kMostPictureSide);
  pixels.height = NextNumber(content, at, kMostPictureSide);
  const std::size_t maximum = NextNumber(content, at, kMostMaximum);
  const std::size_t size = pixels.width * pixels.height;
  if (size == 0 || size > kMostPicturePixels || maximum == 0 || at == content.size() ||
      !IsBlank(content[at])) {
    return BadFile(fmt::format("'{}': a bad header, expected P5 or P6, width and height (1 to {}, "
                               "at most {} pixels), a maximum (1 to {}) and a blank",
                               name, kMostPictureSide, kMostPicturePixels, kMostMaximum),
                   kFetchPictureAgain);
  }
  const std::size_t channels = content[1] == '6' ? 3 : 1;
  DELSTEP_ASSIGN(std::vector<std::uint8_t> values,
                 ReadValues(content.subspan(at + 1), size * channels, maximum, name));
  if (channels == 3) {
    pixels.colours = std::move(values);
  } else {
    pixels.colours.reserve(3 * size);
    for (const std::uint8_t value : values) pixels.colours.insert(pixels.colours.end(), 3, value);
  }
  return pixels;
}

}  // namespace delstep
