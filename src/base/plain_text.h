#pragma once
#include <filesystem>
#include <string>

#include "delstep/result.h"

namespace delstep {

/// The text that the bytes of a file are: without the byte order mark of UTF-8 at its front, and with
/// line feeds where lines end by a carriage return alone, as on the first Macintosh. Errors (kFile):
/// what is no text in UTF-8, see ReadText() in base/files.h.
Result<std::string> PlainText(std::string bytes, const std::filesystem::path& path);

}  // namespace delstep
