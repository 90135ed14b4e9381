#include "data/pnm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace delstep {
namespace {

constexpr const char* kFetchPictureAgain = "fetch it again, or remove it";
constexpr std::size_t kMostMaximum = 65535;

bool IsBlank(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

bool IsDigit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

void SkipBlanksAndComments(std::span<const std::uint8_t> content, std::size_t& at) {
  for (; at < content.size() && (IsBlank(content[at]) || content[at] == '#'); ++at)
    if (content[at] == '#')
      while (at + 1 < content.size() && content[at] != '\n') ++at;
}

/// The next number of a header, after blanks and comments; 0 if there is none up to `most`.
std::size_t NextNumber(std::span<const std::uint8_t> content, std::size_t& at, std::size_t most) {
  SkipBlanksAndComments(content, at);
  std::size_t number = 0;
  for (; at < content.size() && IsDigit(content[at]); ++at) {
    number = 10 * number + (content[at] - std::size_t{'0'});
    if (number > most) return 0;
  }
  return number;
}

std::uint8_t Scaled(std::size_t value, std::size_t maximum) {
  return static_cast<std::uint8_t>((value * 255 + maximum / 2) / maximum);
}

Error EndsEarlyPnm(const std::string& name) {
  return BadFile(fmt::format("'{}' ends early", name), kFetchPictureAgain);
}

Error AboveMaximum(const std::string& name, std::size_t value, std::size_t maximum) {
  return BadFile(fmt::format("'{}' is damaged: value {} is above the maximum {} of its header",
                             name, value, maximum),
                 kFetchPictureAgain);
}

/// Binary values of P5 and P6, of one byte or two.
Result<std::vector<std::uint8_t>> ReadValues(std::span<const std::uint8_t> values,
                                             std::size_t count, std::size_t maximum,
                                             const std::string& name) {
  const std::size_t width = maximum > 255 ? 2 : 1;
  if (values.size() < count * width) return EndsEarlyPnm(name);
  std::vector<std::uint8_t> scaled;
  scaled.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t value =
        width == 1 ? values[i] : values[2 * i] * std::size_t{256} + values[2 * i + 1];
    if (value > maximum) return AboveMaximum(name, value, maximum);
    scaled.push_back(Scaled(value, maximum));
  }
  return scaled;
}

/// Values of P2 and P3, written as text.
Result<std::vector<std::uint8_t>> ReadPlainValues(std::span<const std::uint8_t> text,
                                                  std::size_t count, std::size_t maximum,
                                                  const std::string& name) {
  std::vector<std::uint8_t> scaled;
  // A value takes at least a digit and a blank: the header alone does not ask for memory.
  scaled.reserve(std::min(count, text.size() / 2 + 1));
  for (std::size_t at = 0; scaled.size() < count;) {
    SkipBlanksAndComments(text, at);
    if (at == text.size()) return EndsEarlyPnm(name);
    std::size_t value = 0;
    const std::size_t begin = at;
    for (; at < text.size() && IsDigit(text[at]) && value <= kMostMaximum; ++at)
      value = 10 * value + (text[at] - std::size_t{'0'});
    if (at == begin)
      return BadFile(fmt::format("'{}' is damaged: value {} of its pixels is no number", name,
                                 scaled.size() + 1),
                     kFetchPictureAgain);
    if (value > maximum) return AboveMaximum(name, value, maximum);
    scaled.push_back(Scaled(value, maximum));
  }
  return scaled;
}

/// Pixels of P1, digits that blanks may part or not; 1 is black.
Result<std::vector<std::uint8_t>> ReadPlainBits(std::span<const std::uint8_t> text,
                                                std::size_t count, const std::string& name) {
  std::vector<std::uint8_t> pixels;
  pixels.reserve(std::min(count, text.size()));
  for (std::size_t at = 0; pixels.size() < count; ++at) {
    SkipBlanksAndComments(text, at);
    if (at == text.size()) return EndsEarlyPnm(name);
    if (text[at] != '0' && text[at] != '1')
      return BadFile(
          fmt::format("'{}' is damaged: pixel {} is neither 0 nor 1", name, pixels.size() + 1),
          kFetchPictureAgain);
    pixels.push_back(text[at] == '1' ? 0 : 255);
  }
  return pixels;
}

/// Pixels of P4, eight a byte from the highest bit on; each row begins with a new byte.
Result<std::vector<std::uint8_t>> ReadBits(std::span<const std::uint8_t> bits, std::size_t width,
                                           std::size_t height, const std::string& name) {
  const std::size_t row = (width + 7) / 8;
  if (bits.size() < row * height) return EndsEarlyPnm(name);
  std::vector<std::uint8_t> pixels;
  pixels.reserve(width * height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      pixels.push_back((bits[y * row + x / 8] >> (7 - x % 8) & 1) != 0 ? 0 : 255);
  return pixels;
}

}  // namespace

bool IsPnm(std::span<const std::uint8_t> content) {
  return content.size() >= 3 && content[0] == 'P' && content[1] >= '1' && content[1] <= '7' &&
         (IsBlank(content[2]) || content[2] == '#');
}

Result<Pixels> DecodePnm(std::span<const std::uint8_t> content, const std::string& name) {
  assert(IsPnm(content));
  const char kind = static_cast<char>(content[1]);
  if (kind == '7')
    return BadFile(fmt::format("'{}' is a PAM picture (P7), which is not read", name),
                   "convert it to .png, .ppm or .pgm");
  const bool is_plain = kind <= '3', is_bitmap = kind == '1' || kind == '4';
  std::size_t at = 2;
  Pixels pixels;
  pixels.width = NextNumber(content, at, kMostPictureSide);
  pixels.height = NextNumber(content, at, kMostPictureSide);
  const std::size_t maximum = is_bitmap ? 1 : NextNumber(content, at, kMostMaximum);
  const std::size_t size = pixels.width * pixels.height;
  if (size == 0 || size > kMostPicturePixels || maximum == 0 || at == content.size() ||
      !IsBlank(content[at])) {
    return BadFile(fmt::format("'{}': a bad header, expected P1 to P6, width and height (1 to {}, "
                               "at most {} pixels), a maximum (1 to {}; none of P1 and P4) and a "
                               "blank",
                               name, kMostPictureSide, kMostPicturePixels, kMostMaximum),
                   kFetchPictureAgain);
  }
  const std::size_t channels = kind == '3' || kind == '6' ? 3 : 1;
  const auto rest = content.subspan(at + 1);
  DELSTEP_ASSIGN(std::vector<std::uint8_t> values,
                 kind == '1'   ? ReadPlainBits(rest, size, name)
                 : kind == '4' ? ReadBits(rest, pixels.width, pixels.height, name)
                 : is_plain    ? ReadPlainValues(rest, size * channels, maximum, name)
                               : ReadValues(rest, size * channels, maximum, name));
  if (channels == 3) {
    pixels.colours = std::move(values);
  } else {
    pixels.colours.reserve(3 * size);
    for (const std::uint8_t value : values) pixels.colours.insert(pixels.colours.end(), 3, value);
  }
  return pixels;
}

}  // namespace delstep
