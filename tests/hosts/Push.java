import java.io.File;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * Pushes as JGit does.
 *
 * Push REPOSITORY URL NAME PASSWORD BRANCH REF: BRANCH of REPOSITORY goes to
 * REF. What the server says goes to standard output; exit 1 where it took
 * nothing.
 */
public class Push {
	public static void main(String[] args) throws Exception {
		boolean taken = true;
		try (Git git = Git.open(new File(args[0]))) {
			Iterable<PushResult> results = git.push()
					.setRemote(args[1])
					.setCredentialsProvider(new UsernamePasswordCredentialsProvider(
							args[2], args[3]))
					.setRefSpecs(new RefSpec("refs/heads/" + args[4] + ":" + args[5]))
					.call();
			for (PushResult result : results) {
				System.out.print(result.getMessages());
				for (RemoteRefUpdate update : result.getRemoteUpdates()) {
					if (update.getStatus() == RemoteRefUpdate.Status.OK)
						continue;
					taken = false;
					System.out.println("refused: " + update.getStatus() + " "
							+ update.getMessage());
				}
			}
		}
		System.exit(taken ? 0 : 1);
	}
}
