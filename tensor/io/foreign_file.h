// SPDX-License-Identifier: Apache-2.0
// Files that are not what their names say: what a download, a clone or a converter left in the place of a model's file.
#pragma once

#include <string>

namespace thaw {

// Throws std::runtime_error "PATH: is a Git LFS pointer ..." if the file is known to be something else than JSON,
// vocabulary or weights: a pointer of Git LFS, a web page, a server's error message; or (for a .safetensors file) a
// pickle, an archive, weights of another format. What cannot be read is left to whoever opens it.
void check_not_foreign(const std::string& path);

}  // namespace thaw
