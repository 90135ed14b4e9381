#pragma once
/// `data.name = text`: texts to learn the next character or word of.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/vocabulary.h"
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// The tokens of one text, as numbers of `counts`. `unit` is
/// - "char": every Unicode code point;
/// - "word": a run of letters and digits of any script, in lower case, with apostrophes inside
///   ("don't"); see IsWordCharacter() and LowerCase() of base/utf8.h.
/// In both, a byte order mark is left out, and "\r\n" and "\r" are "\n".
///
/// Errors (kFile): bytes that are no UTF-8, a NUL; they name the byte.
Result<std::vector<std::uint32_t>> TokensOf(std::string_view text, const std::string& name,
                                            const std::string& unit, TokenCounts& counts);

/// Reads data.path: a file of any name, or all `.txt` files of a folder, sorted by name. Each file
/// is a source, named as the file without its ending. The vocabulary is that of all files together
/// (see vocabulary.h; data.vocabulary). An example is data.sequence tokens of a file and the token
/// after them; the next begins data.stride tokens later. There is no official test part.
///
/// Errors: data.path is not set (kUsage); what reading a file can end with; a file with fewer than
/// data.sequence + 1 tokens, which would be a source without an example (kFile).
Result<LoadedData> ReadText(const DataOptions& options);

}  // namespace delstep
