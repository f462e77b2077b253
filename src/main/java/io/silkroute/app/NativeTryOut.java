package io.silkroute.app;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.nio.file.Path;

/** In a native executable there is no database to try things out with, and nothing that leads to one. */
@TargetClass(TryOut.class)
final class NativeTryOut {

    private NativeTryOut() {}

    @Substitute
    static void prepare(SettingReader reader, Path data, int port) {
        throw Silkroute.noDatabase();
    }
}
