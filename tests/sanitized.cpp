// SPDX-License-Identifier: Apache-2.0
// Linked into sanitized programs only: what libraries keep until a process ends is no leak of ours, nor what libsndfile
// 1.2 keeps of each damaged Ogg file (6 kB of libvorbis). A library that is unloaded has no name any more by which its
// memory could be told, so none is.

extern "C" int dlclose(void*) { return 0; }

extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libvulkan_lvp\nleak:libomp\nleak:libLLVM\nleak:libsndfile\nleak:libvorbis\n";
}
