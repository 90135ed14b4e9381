#include "data/picture_kind.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace delstep {
namespace {

using namespace std::string_view_literals;

struct PictureMagic {
  std::size_t at;
  std::string_view bytes;
  std::string_view what;
};

constexpr std::array kOtherPictures = {
    PictureMagic{8, "WEBP"sv, "a WebP picture"},
    PictureMagic{0, "GIF8"sv, "a GIF"},
    PictureMagic{0, "II*\0"sv, "a TIFF"},
    PictureMagic{0, "MM\0*"sv, "a TIFF"},
    PictureMagic{4, "ftypavi"sv, "an AVIF picture"},
    PictureMagic{4, "ftyphei"sv, "a HEIC picture"},
    PictureMagic{4, "ftyphev"sv, "a HEIC picture"},
    PictureMagic{4, "ftypm"sv, "a HEIC picture or a film"},
    PictureMagic{4, "jP  \r\n\x87\n"sv, "a JPEG 2000"},
    PictureMagic{4, "JXL \r\n\x87\n"sv, "a JPEG XL"},
    PictureMagic{0, "8BPS"sv, "a picture of Photoshop"},
    PictureMagic{0, "\0\0\1\0"sv, "an icon (.ico)"},
    PictureMagic{0, "<svg"sv, "a drawing (SVG)"},
};

std::string_view PictureText(std::span<const std::uint8_t> content) {
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

}  // namespace

std::optional<Error> OtherPicture(std::span<const std::uint8_t> content, const std::string& name) {
  const std::string_view text = PictureText(content);
  for (const PictureMagic& magic : kOtherPictures)
    if (text.size() > magic.at && text.substr(magic.at).starts_with(magic.bytes))
      return BadFile(fmt::format("'{}' is {}, which is not read", name, magic.what),
                     "convert it to .png (a new ending alone does not), or remove it");
  return std::nullopt;
}

bool HasPictureBeginning(std::span<const std::uint8_t> content) {
  const std::string_view text = PictureText(content);
  return text.starts_with("\x89PNG") || text.starts_with("\xff\xd8\xff") || text.starts_with("BM");
}

}  // namespace delstep
