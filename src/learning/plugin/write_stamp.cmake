# Writes OUT, a header with a stamp of VERSION and the contents of HEADERS.
set(hashes "")
foreach(header ${HEADERS})
  file(SHA256 ${header} hash)
  string(APPEND hashes ${hash})
endforeach()
string(SHA256 hash "${hashes}")
string(SUBSTRING ${hash} 0 16 hash)
file(WRITE ${OUT} "#pragma once\n#define DELSTEP_HEADERS_STAMP \"${VERSION} ${hash}\"\n")
