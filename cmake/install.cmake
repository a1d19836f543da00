# Headers, the CMake package, and the pkg-config file. All of it may be moved after it is installed.
# SPDX-License-Identifier: BSL-1.0

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/sesame")
set(pkgconfig_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")

install(TARGETS sesame EXPORT sesameTargets FILE_SET HEADERS)
install(EXPORT sesameTargets NAMESPACE sesame:: DESTINATION "${package_dir}")

configure_package_config_file(cmake/sesameConfig.cmake.in sesameConfig.cmake
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(sesameConfigVersion.cmake COMPATIBILITY SameMinorVersion
                                                                         ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/sesameConfig.cmake"
              "${PROJECT_BINARY_DIR}/sesameConfigVersion.cmake" cmake/Findasio.cmake
        DESTINATION "${package_dir}")

file(RELATIVE_PATH pkgconfig_to_prefix "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" pkgconfig_to_prefix "${pkgconfig_to_prefix}")
configure_file(cmake/sesame.pc.in sesame.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/sesame.pc" DESTINATION "${pkgconfig_dir}")

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/sesame")
