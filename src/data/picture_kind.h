#pragma once
/// Pictures that are not read, told by their first bytes: people give a WebP the ending .jpg.
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "delstep/result.h"

namespace delstep {

/// The content is a picture of a kind that is not read: WebP, GIF, TIFF, HEIC, AVIF and so on. The
/// error names the kind. Nothing if it may be one that is read.
std::optional<Error> OtherPicture(std::span<const std::uint8_t> content, const std::string& name);

/// Whether the content begins as a PNG, JPEG or BMP does.
bool HasPictureBeginning(std::span<const std::uint8_t> content);

}  // namespace delstep
