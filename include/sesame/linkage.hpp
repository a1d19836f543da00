// Whether the functions of this library are compiled wherever they are used, or once for a program.
// SPDX-License-Identifier: BSL-1.0

#pragma once

/// What a definition in an `impl/` folder begins with. Without `SESAME_SEPARATE_COMPILATION` every
/// header brings its definitions along. With it, defined for the whole program, headers only declare,
/// and one source file of the program includes `<sesame/src.hpp>`.
#ifdef SESAME_SEPARATE_COMPILATION
#  define SESAME_INLINE
#else
#  define SESAME_INLINE inline
#endif
