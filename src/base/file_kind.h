#pragma once
/// What a file really is, told by its first bytes. People's files are often not what their names
/// say: a pointer that Git LFS left in place of a data set, the web page of a download that failed,
/// an archive that nobody unpacked, a text in the encoding of another system. A reader that went on
/// would complain about byte 0 or about a missing column. These functions name the true reason, and
/// what to do about it.
///
/// All readers ask them before they read: ReadFile() and ReadText() of base/files.h, FileSource and
/// ZipReader of archive/. So a new reader needs no check of its own.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// This much of the front of a file is enough for every check.
inline constexpr std::size_t kKindBytes = 512;

/// Something stands in for the file: a pointer of Git LFS or git-annex, or a page of HTML that came
/// instead of it (a file that is called .html is meant to be one). `beginning` are the first bytes,
/// at most kKindBytes are looked at; `name` is what the message calls the file. Nothing if the
/// content may be the file itself. The error is kFile.
std::optional<Error> StandIn(std::string_view beginning, const std::string& name);

/// As StandIn(); besides, the file is of a kind that this reader does not take: packed by gzip,
/// zip, xz, zstd, bzip2 and so on, a tar archive, HDF5, Parquet, a PDF, a single NumPy array.
/// `takes` names the kinds that the reader unpacks itself: "gzip", "zip", or both with a blank
/// between them.
std::optional<Error> OtherKind(std::string_view beginning, const std::string& name,
                               std::string_view takes = {});

/// The text is in UTF-16 or UTF-32, by its mark or by a byte 0 in every second place of its front.
std::optional<Error> WideText(std::string_view text, const std::string& name);

/// What is wrong with a text that should be UTF-8: as WideText(), or it holds a byte 0. The message
/// says which byte. Bytes that are no UTF-8 are not looked for: a reader says itself where they
/// stand, with EncodingHint(). Nothing if all is well.
std::optional<Error> NoText(std::string_view text, const std::string& name);

/// What may be done about a text with a byte that is no UTF-8: a command of iconv where the bytes
/// tell of an encoding, and otherwise the advice to save the text anew.
/// Where most of the text is UTF-8, no such command: it would spoil the letters that are right.
std::string EncodingHint(std::string_view text, const std::string& name);

inline constexpr const char* kDamagedUtf8Hint =
    "the rest is UTF-8, so the file is cut or damaged here, or put together from texts of two "
    "encodings: mend this place";

}  // namespace delstep
